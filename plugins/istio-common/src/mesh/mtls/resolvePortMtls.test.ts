import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, JSON_SCHEMA } from 'js-yaml';
import { KindName } from '../../resources/kinds';
import { withKind } from '../../snapshot/buildSnapshot';
import {
  deployment,
  namespace,
  NOW,
  peerAuthentication,
  snapshotOf,
} from '../../testUtils';
import { PortMtls, resolvePortMtls } from './resolvePortMtls';

interface Case {
  name: string;
  rootNamespace?: string;
  /** Namespace of the workload. */
  workload?: string;
  proxy?: 'sidecar' | 'ambient' | 'none';
  replicas?: number;
  injected?: boolean;
  annotations?: Record<string, string>;
  unread?: KindName;
  policies: {
    name: string;
    mode?: string;
    selector?: Record<string, string>;
    ports?: Record<string, string>;
    created?: string;
  }[];
  mode: string;
  by: string;
  considered?: Record<string, string>;
}

const cases = load(
  readFileSync(join(__dirname, 'resolvePortMtls.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

function resolve(given: Case): PortMtls {
  const home = given.workload ?? 'payments';
  const objects = [
    namespace({ name: home, injected: given.injected }),
    ...deployment({
      namespace: home,
      name: 'payments-v1',
      labels: { app: 'payments', version: 'v1' },
      replicas: given.replicas ?? 2,
      proxy: given.proxy,
      annotations: given.annotations,
    }),
    ...given.policies.map((policy, index) => {
      const [ns, name] = policy.name.split('/');
      return peerAuthentication({
        namespace: ns,
        name,
        metadata: {
          creationTimestamp: `${
            policy.created ?? `2026-03-0${index + 1}`
          }T00:00:00Z`,
        },
        spec: {
          ...(policy.selector
            ? { selector: { matchLabels: policy.selector } }
            : {}),
          ...(policy.mode ? { mtls: { mode: policy.mode } } : {}),
          ...(policy.ports
            ? {
                portLevelMtls: Object.fromEntries(
                  Object.entries(policy.ports).map(([port, mode]) => [
                    port,
                    { mode },
                  ]),
                ),
              }
            : {}),
        },
      });
    }),
  ];
  const snapshot = snapshotOf(objects, {
    rootNamespace: given.rootNamespace ?? 'istio-system',
  });
  return resolvePortMtls({
    snapshot: given.unread
      ? withKind(snapshot, {
          kind: given.unread,
          objects: [],
          freshness: { state: 'failed', error: 'forbidden' },
          asOf: NOW,
        })
      : snapshot,
    workload: { kind: 'Deployment', namespace: home, name: 'payments-v1' },
    port: 8080,
  });
}

function describeDecision({ decidedBy }: PortMtls): string {
  switch (decidedBy.by) {
    case 'object':
      return `${decidedBy.object.namespace}/${decidedBy.object.name} ${decidedBy.fieldPath}`;
    case 'nothing':
      return `nothing ${decidedBy.note}`;
    default:
      return decidedBy.by;
  }
}

describe('resolvePortMtls', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const resolved = resolve(given);
      expect({
        mode: resolved.mode,
        by: describeDecision(resolved),
      }).toEqual({ mode: given.mode, by: given.by });
      for (const [object, why] of Object.entries(given.considered ?? {})) {
        expect(resolved.considered).toContainEqual({
          object,
          why: expect.stringContaining(why),
        });
      }
    },
  );

  it('names each policy that did not decide, and never the one that did as a loser of its level', () => {
    const resolved = resolve({
      name: '',
      policies: [
        { name: 'istio-system/default', mode: 'PERMISSIVE' },
        { name: 'payments/default', mode: 'PERMISSIVE' },
        {
          name: 'payments/payments',
          selector: { app: 'payments' },
          mode: 'STRICT',
        },
      ],
      mode: '',
      by: '',
    });
    expect(resolved.considered.map(({ object }) => object)).toEqual([
      'istio-system/default',
      'payments/default',
    ]);
  });
});
