import {
  buildSnapshot,
  kindNameOf,
  planChange,
  type KubeObject,
} from '@istio-backstage/plugin-istio-common';
import { makeUlid } from '../../../../plugins/istio-backend/src/audit/makeUlid';
import type { TinyApiServer } from '../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';
import type { NewChange } from '../../../../plugins/istio-backend/src/changes/types';
import { CLUSTER } from './createParts';

const API = 'networking.istio.io/v1';
export const PLURALS: Record<string, string> = {
  DestinationRule: 'destinationrules',
  VirtualService: 'virtualservices',
};

/** A rule and two routes of their own for one case, in the API server; and a change of all three. */
export function planThreeObjects(server: TinyApiServer): NewChange {
  const id = makeUlid();
  const name = `reviews-${id.toLowerCase()}`;
  const rule = (versions: string[]): KubeObject => ({
    apiVersion: API,
    kind: 'DestinationRule',
    metadata: { namespace: 'catalog', name },
    spec: {
      host: 'reviews',
      subsets: versions.map(version => ({
        name: version,
        labels: { version },
      })),
    },
  });
  const route = (suffix: string, weight: number): KubeObject => ({
    apiVersion: API,
    kind: 'VirtualService',
    metadata: { namespace: 'catalog', name: `${name}${suffix}` },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          route: [
            { destination: { host: 'reviews', subset: 'v1' }, weight },
            {
              destination: { host: 'reviews', subset: 'v2' },
              weight: 100 - weight,
            },
          ],
        },
      ],
    },
  });
  const live = [rule(['v1', 'v2']), route('-a', 80)].map(object =>
    server.put(PLURALS[object.kind], object),
  );
  const edited = live.map(({ metadata }, index) => ({
    ...(index === 0 ? rule(['v1', 'v2', 'v3']) : route('-a', 60)),
    metadata,
  }));
  const byKind: Record<string, KubeObject[]> = {};
  for (const object of live) {
    byKind[kindNameOf(object) ?? ''] = [object];
  }
  const plan = planChange({
    compiled: [
      {
        snapshot: buildSnapshot({ cluster: CLUSTER, asOf: 0, objects: byKind }),
        desired: [...edited, route('-b', 50)],
        removed: [],
      },
    ],
  });
  return {
    id,
    entityRef: 'component:default/reviews',
    intentType: 'raw',
    title: 'reviews: three objects',
    state: 'scheduled',
    requestedBy: {
      entityRef: 'user:default/mira.kovac',
      groups: ['group:default/catalog-team'],
    },
    actingUsers: {
      [CLUSTER]: { user: 'mira.kovac', groups: ['catalog-team'] },
    },
    reason: 'Crash matrix',
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
