import { performance } from 'node:perf_hooks';
import {
  MeshSnapshot,
  resolveAuthorization,
  resolveMtlsPair,
  resolveRoute,
  WorkloadKey,
} from '@istio-backstage/plugin-istio-common';
import type { MeshService } from '../mesh/meshObjects';
import type { Figure } from '../types';

const QUESTIONS = 2_000;
const AIM = { value: 'mean', atMost: 1 };

/** A call from a service to another one. */
interface Call {
  from: MeshService;
  to: MeshService;
}

/** Questions about calls all over the mesh; the first one, which builds the indexes, is told apart. */
export function measureResolutions(
  snapshot: MeshSnapshot,
  services: readonly MeshService[],
): Figure[] {
  const calls = pickCalls(services);
  return [
    ask('where does a request go', calls, ({ from, to }) =>
      resolveRoute({
        snapshot,
        request: {
          from: {
            kind: 'workload',
            namespace: from.namespace,
            name: from.versions[0],
          },
          host: `${to.name}.${to.namespace}.svc.cluster.local`,
          port: 8080,
          path: '/api/items',
        },
      }),
    ),
    ask('mTLS of a client and a server', calls, ({ from, to }) =>
      resolveMtlsPair({
        snapshot,
        server: workloadOf(to),
        port: 8080,
        client: { workload: workloadOf(from) },
      }),
    ),
    ask('may A call B', calls, ({ from, to }) =>
      resolveAuthorization({
        snapshot,
        request: {
          from: { workload: workloadOf(from) },
          to: { workload: workloadOf(to), port: 8080 },
          method: 'GET',
          path: '/api/items',
        },
      }),
    ),
  ];
}

function workloadOf({ namespace, versions }: MeshService): WorkloadKey {
  return { kind: 'Deployment', namespace, name: versions[0] };
}

/** Spread over the whole mesh, in an order that jumps about: what one call warms does not serve the next. */
function pickCalls(services: readonly MeshService[]): Call[] {
  const byName = new Map(services.map(service => [service.name, service]));
  const calls = services.flatMap(to =>
    to.callers.flatMap(({ name }) => {
      const from = byName.get(name);
      return from ? [{ from, to }] : [];
    }),
  );
  const stride = 1_009;
  return Array.from(
    { length: Math.min(QUESTIONS, calls.length) },
    (_, index) => calls[(index * stride) % calls.length],
  );
}

function ask(
  what: string,
  calls: readonly Call[],
  answer: (call: Call) => unknown,
): Figure {
  const times = calls.map(call => {
    const startedAt = performance.now();
    answer(call);
    return performance.now() - startedAt;
  });
  const [first, ...rest] = times;
  return {
    what,
    values: {
      first,
      mean: rest.reduce((sum, time) => sum + time, 0) / rest.length,
      max: Math.max(...rest),
    },
    unit: 'ms',
    aim: AIM,
  };
}
