import type { NewAuditEntry } from '../../audit/types';
import type { NewChange } from '../types';

/** A change as it stands when its requests are about to be sent. */
export function exampleChange(
  id: string,
  overrides: Partial<NewChange> = {},
): NewChange {
  return {
    id,
    entityRef: 'component:default/reviews',
    intentType: 'shiftTraffic',
    title: 'reviews: v2 from 20 to 30 %',
    state: 'applying',
    requestedBy: {
      entityRef: 'user:default/mira.kovac',
      groups: ['group:default/catalog-team'],
    },
    actingUsers: {
      'prod-eu': { user: 'mira.kovac', groups: ['catalog-team'] },
    },
    reason: 'Next canary step',
    planHash: 'a'.repeat(64),
    versions: [],
    guardrails: [],
    operations: [
      {
        index: 0,
        action: 'patch',
        outcome: 'pending',
        diff: [{ kind: 'added', text: 'weight: 30' }],
        object: {
          cluster: 'prod-eu',
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          namespace: 'catalog',
          name: 'reviews',
        },
      },
    ],
    ...overrides,
  };
}

export function exampleEntry(
  opId: string,
  overrides: Partial<NewAuditEntry> = {},
): NewAuditEntry {
  return {
    opId,
    kind: 'intent',
    occurredAt: 1_700_000_000_000,
    actor: 'user:default/mira.kovac',
    target: 'component:default/reviews',
    payload: { reason: 'Next canary step' },
    event: { kind: 'requested', text: 'Requested' },
    ...overrides,
  };
}
