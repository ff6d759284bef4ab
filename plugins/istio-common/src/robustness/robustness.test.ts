import fc from 'fast-check';
import { analyze } from '../analysis/analyze';
import { resolveAuthorization } from '../mesh/authorization/resolveAuthorization';
import { resolveMtlsPair } from '../mesh/mtls/resolveMtlsPair';
import { resolveRoute } from '../mesh/route/resolveRoute';
import type { RouteRequest } from '../mesh/route/types';
import { KIND_NAMES, type KindName, kindNameOf } from '../resources/kinds';
import { resolveProtocol } from '../resources/service';
import type { KubeObject } from '../resources/types';
import { buildSnapshot } from '../snapshot/buildSnapshot';
import type { MeshSnapshot, WorkloadKey } from '../snapshot/types';
import { validateObject } from '../validation/validateObject';
import { storedWorlds } from './__testUtils__/storedObjects.testdata';

const NOW = Date.parse('2026-07-01T00:00:00Z');
const RUNS = { numRuns: 150, seed: 20261130 };

function snapshotOf(objects: readonly KubeObject[]): MeshSnapshot {
  const kinds = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const object of objects) {
    const kind = kindNameOf(object);
    if (kind) kinds[kind].push(object);
  }
  return buildSnapshot({ cluster: 'test', asOf: NOW, objects: kinds });
}

/** A copy nobody can change: in strict code a write to it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

function workloadsOf(snapshot: MeshSnapshot): WorkloadKey[] {
  return (['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const)
    .flatMap(kind =>
      snapshot.list(kind).map(({ metadata }) => ({
        kind,
        namespace: metadata.namespace ?? '',
        name: metadata.name,
      })),
    )
    .filter(key => snapshot.workload(key))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Everything the core says of calls in this world. */
function answerAll(snapshot: MeshSnapshot): unknown {
  const workloads = workloadsOf(snapshot);
  const [client, server = client] = workloads;
  const hosts = ['a', 'b.other.svc.cluster.local', 'a.shop.svc.cluster.local'];
  const callers: RouteRequest['from'][] = [
    { kind: 'workload', namespace: 'shop', labels: { app: 'a' } },
    {
      kind: 'gatewayWorkload',
      namespace: 'istio-system',
      labels: { istio: 'a' },
    },
  ];
  return {
    routes: callers.flatMap(from =>
      hosts.flatMap(host =>
        [80, 443].map(port =>
          resolveRoute({ snapshot, request: { from, host, port, path: '/a' } }),
        ),
      ),
    ),
    calls: server && [
      resolveMtlsPair({
        snapshot,
        server,
        port: 8080,
        client: { workload: client },
      }),
      resolveAuthorization({
        snapshot,
        request: {
          from: { workload: client },
          to: { workload: server, port: 8080 },
          method: 'GET',
          path: '/a',
          headers: { a: '1' },
        },
      }),
    ],
  };
}

describe('whatever the API server would store', () => {
  it.each(['constructor', '__proto__', 'toString'])(
    'may have a name of JavaScript itself: %s',
    appProtocol => {
      expect(resolveProtocol({ port: 80, appProtocol })).toBe('auto');
    },
  );

  it('is analysed without a throw, left as it is, and in any order alike', () => {
    fc.assert(
      fc.property(storedWorlds, world => {
        const objects = frozen(world);
        const result = analyze({ snapshot: snapshotOf(objects), now: NOW });
        const backwards = analyze({
          snapshot: snapshotOf([...objects].reverse()),
          now: NOW,
        });
        expect(backwards).toEqual(result);
      }),
      RUNS,
    );
  });

  it('is validated without a throw, and left as it is', () => {
    fc.assert(
      fc.property(storedWorlds, world => {
        for (const object of frozen(world)) {
          expect(validateObject(object).errors).toEqual(expect.any(Array));
        }
      }),
      RUNS,
    );
  });

  it('answers questions without a throw, is left as it is, and in any order alike', () => {
    fc.assert(
      fc.property(storedWorlds, world => {
        const objects = frozen(world);
        expect(answerAll(snapshotOf([...objects].reverse()))).toEqual(
          answerAll(snapshotOf(objects)),
        );
      }),
      RUNS,
    );
  });
});
