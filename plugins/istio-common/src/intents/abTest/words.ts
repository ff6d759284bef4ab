import { formatList } from '../../telemetry/format';
import type {
  AbTestParams,
  Alternative,
  Arm,
  AudienceCondition,
} from './schema';

const OPS = {
  exact: 'is',
  prefix: 'starts with',
  regex: 'matches',
  present: 'is there',
} as const;

/** "header x-beta is yes" */
export function describeCondition(condition: AudienceCondition): string {
  switch (condition.by) {
    case 'path':
      return `path ${OPS[condition.op]} ${condition.value}`;
    case 'header':
      return [`header ${condition.name}`, OPS[condition.op], condition.value]
        .filter(Boolean)
        .join(' ');
    case 'cookie':
      return `cookie ${condition.name} is ${condition.value}`;
    case 'claim':
      return `token claim ${condition.name} is ${condition.value}`;
    case 'query':
      return `query parameter ${condition.name} ${OPS[condition.op]} ${
        condition.value
      }`;
    case 'sourceNamespace':
      return `caller in namespace ${condition.namespace}`;
    default:
      return `caller with ${Object.entries(condition.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')}`;
  }
}

function describeAlternative(conditions: Alternative): string {
  return conditions.map(describeCondition).join(' and ');
}

/** "header x-beta is yes, or caller in namespace qa" */
export function describeWho(who: Arm['who']): string {
  return who.map(describeAlternative).join(', or ');
}

export function describeArm({ who, version }: Arm): string {
  return `${describeWho(who)} to ${version}`;
}

/** What is asked for, when nothing was computed from it. */
export function describeTest(params: AbTestParams): string {
  const { arms, everybodyElse, sticky } = params;
  const parts = [
    ...arms.map(describeArm),
    ...(everybodyElse ? [`everybody else to ${everybodyElse}`] : []),
    ...(sticky ? [`sticky by cookie ${sticky.cookie}`] : []),
  ];
  return parts.length > 0
    ? `A/B test, ${parts.join('; ')}`
    : 'end of the A/B test';
}

/** What is different from before. */
export interface TestDifference {
  /** New, or with another version. */
  arms: readonly Arm[];
  ended: readonly Arm[];
  /** All arms afterwards. */
  left: number;
  everybodyElse?: string;
  /** The cookie's name; undefined: as before. */
  sticky?: string | 'off';
}

/** "A/B test: header x-beta is yes to v2", "end of the A/B test, everybody to v2". */
export function titleOfTest(difference: TestDifference): string {
  const { arms, ended, left, everybodyElse, sticky } = difference;
  const parts = [
    ...arms.map(describeArm),
    ...(left > 0 && ended.length > 0
      ? [`no more ${formatList(ended.map(({ who }) => describeWho(who)))}`]
      : []),
    ...(everybodyElse
      ? [`everybody${left > 0 ? ' else' : ''} to ${everybodyElse}`]
      : []),
    ...(sticky === 'off' ? ['no longer sticky'] : []),
    ...(sticky && sticky !== 'off' ? [`sticky by cookie ${sticky}`] : []),
  ];
  if (left === 0 && ended.length > 0) {
    return ['end of the A/B test', ...parts].join(', ');
  }
  return parts.length > 0 ? `A/B test: ${parts.join('; ')}` : 'no change';
}
