import { isCallerOf } from '../../intents/abTest/callers';
import type { AffectedCaller } from '../../changes/types';
import {
  fieldsListOf,
  fieldsOf,
  labelsOf,
  textOf,
  type Fields,
} from '../../resources/fields';
import type { PolicyInput } from '../types';
import { pairRules } from './pairRules';

/** Whose requests rules that come or go take from their route, all at once. */
export interface RuleReach {
  /** Callers that the rules name, or all where they take what any caller may send. */
  callers: AffectedCaller[];
  /** Some take only requests with a header, a cookie, a query parameter or a claim; how many those are is not measured. */
  isPartlyUnknown: boolean;
}

/** What rules that the plan adds to objects, or takes from them, reach; undefined where it does neither. */
export function reachOfRules(input: PolicyInput): RuleReach | undefined {
  const alone = input.plan.operations.flatMap(
    ({ before, after }) =>
      pairRules(fieldsOf(before?.spec), fieldsOf(after?.spec)).alone,
  );
  // A rule without conditions is the route itself: its shares are judged elsewhere.
  const matches = alone.flatMap(({ match, matches: list }) =>
    fieldsListOf(match ?? list),
  );
  if (matches.length === 0) {
    return undefined;
  }
  const { callers } = input.assessment;
  return {
    callers: callers.filter(caller =>
      matches.some(match => mayTake(match, caller, input)),
    ),
    isPartlyUnknown: matches.some(isChosenBySender),
  };
}

/** Whoever sends the mark is in: only its requests are taken, and the metrics do not tell them. */
function isChosenBySender({ headers, queryParams }: Fields): boolean {
  return headers !== undefined || queryParams !== undefined;
}

function mayTake(
  match: Fields,
  { namespace, workload }: AffectedCaller,
  { snapshots }: PolicyInput,
): boolean {
  if (isChosenBySender(match)) {
    return false;
  }
  const from = textOf(match.sourceNamespace);
  const labels = labelsOf(match.sourceLabels);
  const named = [
    ...(from === undefined
      ? []
      : [{ by: 'sourceNamespace' as const, namespace: from }]),
    ...(Object.keys(labels).length === 0
      ? []
      : [{ by: 'sourceWorkload' as const, labels }]),
  ];
  return isCallerOf(named, { namespace, workload }, snapshots);
}
