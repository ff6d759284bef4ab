import {
  formatList,
  formatQuantity,
  formatShare,
  shortPrincipal,
} from '@istio-backstage/plugin-istio-common';
import type { ObservedCaller } from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';
import { presentRules } from './presentAnswer';
import { presentRate } from './presentRate';

/** A row of "Who calls". */
export interface CallerRow {
  key: string;
  name: string;
  entityRef?: string;
  ownerRef?: string;
  namespace?: string;
  identity: string;
  identityNote: string;
  encrypted: { status: StatusKind; text: string };
  volume: string;
  rate: string;
  access: { status?: StatusKind; text: string; note?: string };
  /** The rules and policies behind it. */
  decidedBy: ObservedCaller['decidedBy'];
}

/** Callers as the table shows them. */
export function presentCallers(
  callers: readonly ObservedCaller[],
): CallerRow[] {
  return callers.map(caller => {
    const { namespace, workload, principal, entityRef, ownerRef } = caller;
    return {
      key: `${namespace ?? ''}/${workload ?? principal ?? ''}`,
      name: workload ?? 'Unknown caller',
      ...(entityRef ? { entityRef } : {}),
      ...(ownerRef ? { ownerRef } : {}),
      ...(namespace ? { namespace } : {}),
      identity: principal ? shortPrincipal(principal) : 'None sent',
      identityNote: identityNote(caller),
      encrypted: presentEncrypted(caller),
      volume:
        caller.requests > 0
          ? formatQuantity(caller.requests, 'request')
          : formatQuantity(caller.connections, 'connection'),
      rate: presentRate(caller.perSecond),
      access: presentAccess(caller),
      decidedBy: caller.decidedBy.filter(({ by }) => by === 'object'),
    };
  });
}

function identityNote({ principal, workload }: ObservedCaller): string {
  if (principal) return 'proven by certificate';
  return workload === undefined
    ? 'telemetry does not name it'
    : 'named by telemetry, not proven';
}

function presentEncrypted({
  encrypted,
  plaintext,
}: ObservedCaller): CallerRow['encrypted'] {
  const known = encrypted + plaintext;
  if (known === 0) {
    return { status: 'unknown', text: 'Unknown' };
  }
  if (plaintext === 0) {
    return { status: 'encrypted', text: 'Yes' };
  }
  return encrypted === 0
    ? { status: 'plaintext', text: 'No' }
    : { status: 'plaintext', text: formatShare(encrypted / known) };
}

function presentAccess(caller: ObservedCaller): CallerRow['access'] {
  const { access, decidedBy, dependsOn, reason } = caller;
  const rules = decidedBy.flatMap(decision =>
    decision.by === 'object' && decision.fieldPath.startsWith('spec.rules[')
      ? [capitalise(presentRules(decision.fieldPath))]
      : [],
  );
  const named = formatList([...new Set(rules)]);
  switch (access) {
    case 'always':
      return named ? { text: named } : { text: 'No policy', note: reason };
    case 'sometimes':
      return {
        text: named || 'It depends',
        note:
          dependsOn.length > 0
            ? `depends on ${formatList(dependsOn)}`
            : 'a provider decides',
      };
    case 'never':
      return { status: 'deny', text: 'Denied', note: reason };
    case 'refused':
      return { status: 'deny', text: 'Refused', note: reason };
    case 'mixed':
      return { status: 'differs', text: 'Differs', note: reason };
    default:
      return { status: 'unknown', text: 'Unknown', note: reason };
  }
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
