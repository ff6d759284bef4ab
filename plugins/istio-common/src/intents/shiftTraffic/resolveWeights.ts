import type { CompileProblem, VersionWeight } from '../types';
import type { ShiftTrafficParams } from './schema';
import { toPercents } from './weights';

/** A destination of the present rule, as far as its share goes. */
export interface PresentShare {
  key: string;
  /** The weight as it counts. */
  counted: number;
}

/** What each destination gets. */
export interface ResolvedWeights {
  before: VersionWeight[];
  after: VersionWeight[];
  /** Keys of the request that the rule does not name yet and that get requests, in order. */
  added: VersionWeight[];
  /** Nothing differs from the present shares. */
  unchanged: boolean;
}

/**
 * Compares the requested weights with the present ones. A key must be one of the rule's or one of
 * `addable`; a destination that takes requests now must be named, since the request's sum of 100
 * leaves it none.
 */
export function resolveWeights(options: {
  requested: ShiftTrafficParams['weights'];
  present: PresentShare[];
  addable: string[];
  /** `http[0] of VirtualService catalog/reviews` */
  where: string;
}): ResolvedWeights | { problems: CompileProblem[] } {
  const { requested, present, addable, where } = options;
  const keys = present.map(({ key }) => key);
  const allowed = [...new Set([...keys, ...addable])];
  const percents = toPercents(present.map(({ counted }) => counted));
  const problems: CompileProblem[] = requested.flatMap(({ key }, index) =>
    allowed.includes(key)
      ? []
      : [
          {
            field: `weights[${index}].key`,
            message: `${key} is no destination of ${where} and no version it could get; allowed: ${
              allowed.join(', ') || 'none'
            }`,
          },
        ],
  );
  present.forEach(({ key, counted }, index) => {
    if (counted > 0 && !requested.some(entry => entry.key === key)) {
      problems.push({
        field: 'weights',
        message: `must name ${key} too, which takes ${percents[index]} % of ${where}; 0 takes its requests away`,
      });
    }
  });
  if (problems.length > 0) {
    return { problems };
  }
  const target = (key: string) =>
    requested.find(entry => entry.key === key)?.weight ?? 0;
  const added = requested
    .filter(({ key, weight }) => !keys.includes(key) && weight > 0)
    .map(({ key, weight }) => ({ key, percent: weight }));
  return {
    before: [
      ...keys.map((key, index) => ({ key, percent: percents[index] })),
      ...added.map(({ key }) => ({ key, percent: 0 })),
    ],
    after: [...keys.map(key => ({ key, percent: target(key) })), ...added],
    added,
    unchanged:
      added.length === 0 &&
      keys.every((key, index) => target(key) === percents[index]),
  };
}
