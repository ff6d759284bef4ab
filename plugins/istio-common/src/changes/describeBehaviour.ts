import type { Sentence } from '../mesh/health/types';
import { namespacedName } from '../resources/objectKey';
import { decidesAccess } from './access/assessAccess';
import type { BehaviourChange, Plan } from './types';

/** Differences told one by one before they are only counted. */
const TOLD = 2;

/** "Timeout of http[0]: 5 s, until now None.", or what a plan without effect on the component does. */
export function describeBehaviour(
  changes: readonly BehaviourChange[],
  plan: Plan,
): Sentence {
  if (changes.length === 0) {
    return [{ text: describeWithout(plan) }];
  }
  const told = changes
    .slice(0, TOLD)
    .map(
      ({ what, where, before, after }) =>
        `${what}, ${where}: ${after.text}, until now ${before.text}.`,
    );
  const more = changes.length - told.length;
  return [
    {
      text: [...told, ...(more > 0 ? [`${more} more below.`] : [])].join(' '),
    },
  ];
}

function describeWithout(plan: Plan): string {
  const [operation] = plan.operations;
  const what = decidesAccess(plan)
    ? 'those who were seen calling'
    : 'the requests of this component';
  return operation
    ? `${operation.object.kind} ${namespacedName(
        operation.object,
      )} changes; nothing differs for ${what}.`
    : 'Nothing changes: the objects are so already.';
}

/** "timeout None to 5 s", of the first differences. */
export function titleOfBehaviour(changes: readonly BehaviourChange[]): string {
  const parts = changes
    .slice(0, TOLD)
    .map(
      ({ what, before, after }) =>
        `${what.charAt(0).toLowerCase()}${what.slice(1)} from ${
          before.text
        } to ${after.text}`,
    );
  return parts.length === 0 ? 'no change of requests' : parts.join(', ');
}
