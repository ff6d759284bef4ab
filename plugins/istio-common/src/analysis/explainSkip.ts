import { isOptionalKind, type KindName } from '../resources/kinds';
import type { KindFreshness } from '../snapshot/types';
import { WORKLOAD_KINDS } from './selectedWorkloads';
import type { Rule, RuleContext } from './types';

/**
 * Why the rule cannot be asked, or undefined. An uninstalled kind has no objects, so it can be read as
 * empty; one that was never read cannot. A kind that not every mesh has keeps no rule from judging others.
 */
export function explainSkip(
  rule: Rule,
  context: RuleContext,
): string | undefined {
  const { subjects } = rule;
  const judged =
    subjects.length > 1
      ? subjects.filter(kind => !isOptionalKind(kind))
      : subjects;
  for (const kind of [...judged, ...rule.inputs]) {
    const reason = explainUnread(kind, context.snapshot.freshness[kind]);
    if (reason) {
      return reason;
    }
  }
  if (rule.needs?.includes('traffic')) {
    const { traffic } = context;
    if (!traffic) return 'no observed traffic';
    if (traffic.error) return `no observed traffic: ${traffic.error}`;
  }
  if (rule.needs?.includes('clock') && context.now === undefined) {
    return 'no time of day';
  }
  if (rule.needs?.includes('workloads') && !holdsWorkloads(context)) {
    return 'no workload among the objects';
  }
  return undefined;
}

function explainUnread(
  kind: KindName,
  freshness: KindFreshness,
): string | undefined {
  if (freshness.state === 'pending') {
    return `${kind} was not read`;
  }
  return freshness.state === 'failed'
    ? `${kind} could not be read: ${freshness.error ?? 'no reason given'}`
    : undefined;
}

function holdsWorkloads({ snapshot }: RuleContext): boolean {
  return WORKLOAD_KINDS.some(kind => snapshot.list(kind).length > 0);
}
