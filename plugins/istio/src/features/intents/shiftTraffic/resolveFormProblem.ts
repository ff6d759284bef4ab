import { formatList } from '@istio-backstage/plugin-istio-common';
import { WEIGHT_RULE, type WeightSum } from './weights';

function points(count: number): string {
  return `${count} ${count === 1 ? 'point' : 'points'}`;
}

/** `10 points over 100 %`; undefined at 100 %. */
export function presentSum(sum: WeightSum): string | undefined {
  switch (sum.kind) {
    case 'over':
      return `${points(sum.points)} over 100 %`;
    case 'under':
      return `${points(sum.points)} under 100 %`;
    case 'invalid':
      return `${formatList(sum.labels)} ${
        sum.labels.length === 1 ? 'needs' : 'need'
      } ${WEIGHT_RULE}`;
    default:
      return undefined;
  }
}

/** What is wrong with the fields of the form; undefined when they make a request. */
export function resolveFormProblem(options: {
  clusters: string[];
  sum: WeightSum;
  moved: boolean;
  /** Why the fields make no intent. */
  problem?: string;
}): string | undefined {
  const { clusters, sum, moved, problem } = options;
  if (clusters.length === 0) return 'no cluster is chosen';
  const summed = presentSum(sum);
  if (summed) {
    return sum.kind === 'invalid' ? summed : `the shares are ${summed}`;
  }
  if (!moved) return 'no share differs from today’s';
  return problem;
}
