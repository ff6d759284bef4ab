import type { GuardrailVerdict, PlanOperation } from '../changes/types';
import type { KubeObject } from '../resources/types';
import type { PolicyInput } from './types';

/** An object that the plan writes or removes. */
export interface JudgedObject {
  operation: PlanOperation;
  /** As it would be; as it was where it is removed. */
  subject: KubeObject;
  before: KubeObject | undefined;
  after: KubeObject | undefined;
}

/** What a policy says of one object; the rest of the verdict is filled in. */
export type ObjectVerdict = Pick<
  GuardrailVerdict,
  'verdict' | 'text' | 'path' | 'approvers'
>;

/**
 * Asks about each object of the plan that the policy is concerned with; `pass` is what is said where
 * nothing else is. A plan without such an object gets no word at all.
 */
export function judgeObjects(options: {
  policy: string;
  input: Pick<PolicyInput, 'plan'>;
  /** Absent: with every object. */
  concerns?: (object: JudgedObject) => boolean;
  judge: (object: JudgedObject) => readonly ObjectVerdict[];
  pass: string | (() => string);
}): GuardrailVerdict[] {
  const { policy, input, concerns, judge, pass } = options;
  const objects = input.plan.operations
    .flatMap(operation => readJudged(operation))
    .filter(object => concerns?.(object) ?? true);
  const verdicts = objects.flatMap(object =>
    judge(object).map(verdict => ({
      policy,
      ...verdict,
      object: object.operation.object,
    })),
  );
  if (verdicts.length > 0 || (concerns && objects.length === 0)) {
    return verdicts;
  }
  const text = typeof pass === 'string' ? pass : pass();
  return [{ policy, verdict: 'pass', text }];
}

function readJudged(operation: PlanOperation): JudgedObject[] {
  const before = operation.before as unknown as KubeObject | undefined;
  const after = operation.after as unknown as KubeObject | undefined;
  const subject = after ?? before;
  return subject ? [{ operation, subject, before, after }] : [];
}
