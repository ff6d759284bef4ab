import type { Change, ChangeEvent } from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import { nameObject } from './changeWords';
import { findChangedSince } from './findOverwritten';
import { whyNotRevertible } from './whyNotRevertible';
import type { StoredChange } from './types';

/** States in which something of the change is in force. */
const IN_FORCE = [
  'applied',
  'verified',
  'unverifiable',
  'partial',
  'outside',
  'adopted',
];

/** The change as the API shows it: no recorded objects beyond the diffs, no sending details. */
export function presentChange(options: {
  change: StoredChange;
  events: ChangeEvent[];
  reader: Pick<MeshReader, 'snapshot'>;
}): Change {
  const { change, events, reader } = options;
  const [actsAs] = Object.values(change.actingUsers);
  return {
    id: change.id,
    entityRef: change.entityRef,
    intentType: change.intentType,
    title: change.title,
    state: change.state,
    requestedBy: change.requestedBy,
    actsAs,
    reason: change.reason,
    ticket: change.ticket,
    createdAt: new Date(change.createdAt).toISOString(),
    updatedAt: new Date(change.updatedAt).toISOString(),
    waitingFor: ['applied', 'scheduled', 'proposed', 'merged'].includes(
      change.state,
    )
      ? change.waitingFor
      : undefined,
    planHash: change.planHash,
    proposal: change.proposal,
    versions: change.versions,
    operations: change.operations.map(
      ({ result: _result, sentAt: _sentAt, reached: _reached, ...operation }) =>
        operation,
    ),
    guardrails: change.guardrails,
    external: change.external,
    approval: change.approval,
    breakGlass: change.breakGlass && {
      ...change.breakGlass,
      reviewBy: new Date(change.breakGlass.reviewBy).toISOString(),
    },
    approveUntil:
      change.state === 'awaitingApproval'
        ? isoOf(change.approveUntil)
        : undefined,
    applyAt: isoOf(change.applyAt),
    expiresAt: isoOf(change.expiresAt),
    events,
    revertOf: change.revertOf,
    revertedBy: change.revertedBy,
    revert: revertOf(change, reader),
  };
}

function isoOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function whyNotInForce(state: StoredChange['state']): string {
  switch (state) {
    case 'applying':
    case 'planned':
      return 'It is still being applied';
    case 'awaitingApproval':
    case 'scheduled':
      return 'It is not applied yet; cancel it instead';
    case 'proposed':
      return 'It is not merged yet; cancel it instead';
    case 'merged':
      return 'It is merged, and not applied yet';
    default:
      return 'Nothing of it is in force';
  }
}

/** A first answer from the cache; the preview of the revert reads the objects. */
function revertOf(
  change: StoredChange,
  reader: Pick<MeshReader, 'snapshot'>,
): Change['revert'] {
  if (change.state === 'reverted') {
    return { possible: false, why: 'It was reverted already' };
  }
  if (!IN_FORCE.includes(change.state)) {
    return {
      possible: false,
      why: whyNotInForce(change.state),
    };
  }
  if (change.external) {
    const why = whyNotRevertible(change, reader);
    return why === undefined ? { possible: true } : { possible: false, why };
  }
  const overwritten = findChangedSince(change, reader);
  return overwritten
    ? {
        possible: false,
        why: `${nameObject(overwritten.object)} was changed again since`,
      }
    : { possible: true };
}
