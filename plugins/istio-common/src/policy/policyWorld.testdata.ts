import type { GuardrailVerdict, PlanOperation } from '../changes/types';
import { matchWorkloads } from '../entity/matchWorkloads';
import type { KindName } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import {
  deployment,
  kubeObject,
  namespace,
  service,
} from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { evaluatePolicies } from './evaluatePolicies';
import { guardrailSettingsSchema } from './settings';
import type { PolicyInput } from './types';

/** reviews and ratings in catalog, payments in payments, and the gateway that all share. */
const OBJECTS: KubeObject[] = [
  ...['catalog', 'payments', 'default', 'istio-system', 'istio-ingress'].map(
    name => namespace({ name, injected: true }),
  ),
  ...['reviews', 'ratings'].flatMap(name => [
    service({
      namespace: 'catalog',
      name,
      spec: { clusterIP: name === 'reviews' ? '10.96.0.10' : '10.96.0.11' },
    }),
    ...deployment({ namespace: 'catalog', name, labels: { app: name } }),
  ]),
  service({
    namespace: 'payments',
    name: 'payments',
    spec: { clusterIP: '10.96.0.20' },
  }),
  ...deployment({ namespace: 'payments', name: 'payments' }),
  kubeObject(
    'Gateway',
    { namespace: 'istio-ingress', name: 'shop' },
    {
      spec: {
        selector: { istio: 'ingress' },
        servers: [
          {
            port: { number: 443, protocol: 'HTTPS', name: 'https' },
            hosts: ['*/pay.example', '*/*.admin.shop.example'],
          },
        ],
      },
    },
  ),
  kubeObject(
    'ServiceEntry',
    { namespace: 'payments', name: 'bank' },
    { spec: { hosts: ['bank.example'], addresses: ['198.51.100.0/24'] } },
  ),
];

/** What the team of reviews holds. */
export const SETTINGS = guardrailSettingsSchema.parse({
  platformTeams: ['group:default/platform'],
  teams: {
    'catalog-team': {
      externalHosts: ['api.pay.example', '*.maps.example'],
      externalAddresses: ['203.0.113.0/24', '198.51.100.7'],
      gatewayHosts: ['shop.example', '*.shop.example'],
      credentialNames: ['shop-cert'],
    },
  },
});

/** The world with more objects in it, or others in their place. */
export function policyWorld(
  more: readonly KubeObject[] = [],
  unread?: KindName,
): {
  snapshot: ReturnType<typeof snapshotOf>;
  match: PolicyInput['match'];
} {
  const snapshot = snapshotOf([...OBJECTS, ...more], {
    cluster: 'prod-eu',
    ...(unread && {
      freshness: { [unread]: { state: 'failed', error: 'forbidden' } },
    }),
  });
  return {
    snapshot,
    match: matchWorkloads({
      claim: {
        entityRef: 'component:default/reviews',
        ownerRef: 'group:default/catalog-team',
        clusters: [],
        selector: { app: 'reviews' },
        selectorFrom: '',
        services: [],
      },
      snapshots: [snapshot],
      binding: { bindAll: true, namespaces: {} },
    }),
  };
}

const WORLD = policyWorld();

/** One operation per pair of an object before and after. */
export function operationsOf(
  pairs: readonly { before?: KubeObject; after?: KubeObject }[],
  snapshot = WORLD.snapshot,
): PlanOperation[] {
  return pairs.flatMap(({ before, after }, index) => {
    const subject = after ?? before;
    if (!subject) {
      return [];
    }
    const patched = after ? ('patch' as const) : ('delete' as const);
    return [
      {
        index,
        action: before ? patched : ('create' as const),
        object: snapshot.refOf(subject),
        ...(before && { before: before as Record<string, unknown> }),
        ...(after && { after: after as Record<string, unknown> }),
        diff: [],
        fieldManagers: [],
      },
    ];
  });
}

/** What the guardrails say to a new object; the world is built once. */
export function judgeCreated(
  after: KubeObject,
  input: Partial<PolicyInput> = {},
): GuardrailVerdict[] {
  return evaluatePolicies({
    plan: { hash: '', operations: operationsOf([{ after }]) },
    match: WORLD.match,
    snapshots: [WORLD.snapshot],
    assessment: { versions: [], callers: [], observedSeconds: 300 },
    settings: SETTINGS,
    ...input,
  });
}
