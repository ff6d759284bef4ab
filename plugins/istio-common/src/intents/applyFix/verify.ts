import type { EffectEvidence, TrafficVerdict } from '../types';
import { findingsAt, objectOf, ruleOf } from './compile';
import type { ApplyFixParams } from './schema';

/**
 * No metric shows that an object says what it should; that the rule finds nothing any more is all there is to see,
 * and is not taken for more.
 */
export function verifyApplyFix(
  params: ApplyFixParams,
  { snapshots }: EffectEvidence,
): TrafficVerdict {
  const rule = ruleOf(params);
  const still = snapshots.find(snapshot => {
    const object = objectOf(params, snapshot);
    return (
      rule &&
      object &&
      findingsAt({ rule, object, path: params.path, snapshot }).some(
        ({ fix }) => fix?.title === params.title,
      )
    );
  });
  return still
    ? {
        verdict: 'wait',
        why: `${params.code} still finds it in ${still.cluster}`,
      }
    : {
        verdict: 'impossible',
        why: `no metric shows what a mended object changes; ${params.code} does not find it any more`,
      };
}
