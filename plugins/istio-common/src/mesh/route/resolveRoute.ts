import { Labels } from '../../resources/selector';
import { readWorkload } from '../../resources/workload';
import { readPod } from '../../resources/pod';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { emptyAnswer } from './answers';
import { gatewayProxy, gatewayServers } from './gatewayServers';
import { proxyOfGateway } from './gatewayWorkload';
import { resolveGateway } from './resolveGateway';
import { resolveOutbound } from './resolveOutbound';
import { RouteAnswer, RouteRequest } from './types';

/**
 * Where a request goes: through the sidecar of its caller, or through a gateway it arrives at. The
 * answer is the one istiod's configuration gives Envoy, with the objects that decided it.
 *
 * Ambient callers and waypoints are not told apart: the answer is that of a sidecar, and says so.
 *
 * Source: the files of this folder name theirs; checked against istiod's own configuration generator.
 */
export function resolveRoute(options: {
  snapshot: MeshSnapshot;
  request: RouteRequest;
}): RouteAnswer {
  const { snapshot, request } = options;
  const { from } = request;
  const answer =
    from.kind === 'workload'
      ? fromWorkload(snapshot, request, from)
      : fromGateway(snapshot, request, from);
  const caveats = [...answer.caveats, ...unread(snapshot)];
  return { ...answer, caveats };
}

/** Kinds whose absence would change most answers. */
const NEEDED = ['Service', 'VirtualService', 'DestinationRule'] as const;

function unread(snapshot: MeshSnapshot): string[] {
  return NEEDED.filter(kind => !isKnown(snapshot, kind)).map(
    kind => `${kind} objects could not be read: the answer leaves them out.`,
  );
}

function fromWorkload(
  snapshot: MeshSnapshot,
  request: RouteRequest,
  from: Extract<RouteRequest['from'], { kind: 'workload' }>,
): RouteAnswer {
  const { namespace } = from;
  const caller = from.labels
    ? { labels: from.labels, caveats: [] }
    : findCaller(snapshot, namespace, from.name);
  const answer = resolveOutbound(snapshot, request, {
    namespace,
    labels: caller.labels,
  });
  return { ...answer, caveats: [...answer.caveats, ...caller.caveats] };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const;

function findCaller(
  snapshot: MeshSnapshot,
  namespace: string,
  name: string | undefined,
): { labels: Labels; caveats: string[] } {
  if (name === undefined) {
    return { labels: {}, caveats: [] };
  }
  for (const kind of WORKLOADS) {
    const key: WorkloadKey = { kind, namespace, name };
    const object =
      snapshot.workload(key) ?? snapshot.get(kind, namespace, name);
    if (object) {
      const labels = readWorkload(object).labels;
      const pods = kind === 'Pod' ? [object] : snapshot.podsOf(key);
      const proxies = new Set(pods.map(pod => readPod(pod).proxy));
      return { labels, caveats: describeProxies([...proxies]) };
    }
  }
  return {
    labels: {},
    caveats: [
      `No workload ${namespace}/${name} is known: rules that ask for labels of the caller are taken not to fit.`,
    ],
  };
}

function describeProxies(proxies: readonly string[]): string[] {
  if (proxies.length === 0 || proxies.includes('sidecar')) {
    return [];
  }
  return proxies.includes('ambient')
    ? [
        'The caller is in ambient mode: the answer is that of a sidecar and not proven for waypoints.',
      ]
    : [
        'The caller has no sidecar: nothing of this applies to it, and its requests go where its resolver says.',
      ];
}

function fromGateway(
  snapshot: MeshSnapshot,
  request: RouteRequest,
  from: Exclude<RouteRequest['from'], { kind: 'workload' }>,
): RouteAnswer {
  if (from.kind === 'gatewayWorkload') {
    return resolveGateway(snapshot, request, gatewayProxy(snapshot, from));
  }
  const server = gatewayServers(snapshot).find(
    ({ object }) =>
      object.metadata.namespace === from.namespace &&
      object.metadata.name === from.name,
  );
  if (!server) {
    return emptyAnswer('refused', {
      reason: `No Gateway ${from.namespace}/${from.name} opens a port.`,
    });
  }
  const { workload, caveats } = proxyOfGateway(snapshot, server);
  const answer = resolveGateway(
    snapshot,
    request,
    gatewayProxy(snapshot, workload),
  );
  return { ...answer, caveats: [...answer.caveats, ...caveats] };
}
