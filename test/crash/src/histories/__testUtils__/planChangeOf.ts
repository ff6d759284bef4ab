import {
  buildSnapshot,
  kindNameOf,
  planChange,
  type KubeObject,
  type ObjectRef,
} from '@istio-backstage/plugin-istio-common';
import { makeUlid } from '../../../../../plugins/istio-backend/src/audit/makeUlid';
import type { NewChange } from '../../../../../plugins/istio-backend/src/changes/types';
import { CLUSTER } from '../../__testUtils__/createParts';

/** What somebody asks for on the objects as they are now. */
export function planChangeOf(options: {
  live: readonly KubeObject[];
  desired: KubeObject[];
  removed: ObjectRef[];
}): NewChange {
  const byKind: Record<string, KubeObject[]> = {};
  for (const object of options.live) {
    (byKind[kindNameOf(object) ?? ''] ??= []).push(object);
  }
  const plan = planChange({
    compiled: [
      {
        snapshot: buildSnapshot({ cluster: CLUSTER, asOf: 0, objects: byKind }),
        desired: options.desired,
        removed: options.removed,
      },
    ],
  });
  return {
    id: makeUlid(),
    entityRef: 'component:default/reviews',
    intentType: 'raw',
    title: 'reviews: a step of a history',
    state: 'applying',
    requestedBy: { entityRef: 'user:default/mira.kovac', groups: [] },
    actingUsers: { [CLUSTER]: { user: 'mira.kovac', groups: [] } },
    reason: 'Random history',
    planHash: plan.hash,
    plan,
    versions: [],
    guardrails: [],
    operations: plan.operations.map(({ index, object, action, diff }) => ({
      index,
      object,
      action,
      diff,
      outcome: 'pending',
      auditId: makeUlid(),
    })),
  };
}
