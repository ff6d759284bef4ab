import { EntityMatch } from '../../entity/types';
import { serviceOfHost } from '../../resources/host';
import { readPod } from '../../resources/pod';
import { MeshSnapshot } from '../../snapshot/types';
import {
  RequestSample,
  TelemetryPeer,
  TrafficObservation,
} from '../../telemetry/types';
import { MESH_GATEWAY } from '../../resources/virtualService';
import { TrafficRoute } from './types';

/** What is counted: requests, of rules for connections the connections that were opened. */
type Count = Pick<
  RequestSample,
  | 'reporter'
  | 'source'
  | 'destination'
  | 'destinationServiceName'
  | 'destinationServiceNamespace'
  | 'security'
  | 'requests'
>;

/** Whether a rule shares out connections: their requests are not seen. */
export function sharesConnections({
  protocol,
}: Pick<TrafficRoute, 'protocol'>): boolean {
  return protocol === 'tcp' || protocol === 'tls';
}

/** Requests that a set of rules routed, by what served them. */
export interface ObservedSplit {
  /** Requests with a known server. */
  total: number;
  byWorkload: Map<string, number>;
  /** By version, as telemetry names it. */
  byVersion: Map<string, number>;
  /** Requests of callers that no proxy routes. */
  notRouted: { caller: string; namespace?: string; requests: number }[];
}

/**
 * What clients' proxies did with the requests to a host, or waypoints where those route. A request that
 * only the server reports came from a caller whose proxy is not seen: encrypted, it was routed by one;
 * in plaintext, Kubernetes picked the pod and no rule applied.
 */
export function observeSplit(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  /** Routes of one host, all for requests or all for connections: their destinations say which Services these may be for. */
  routes: readonly TrafficRoute[];
}): ObservedSplit {
  const { match, snapshots, observations, routes } = options;
  const scope = scopeOf(match, snapshots, routes);
  const samples = observations
    .filter(({ error }) => error === undefined)
    .flatMap(({ requests, tcp }): readonly Count[] =>
      routes.some(sharesConnections)
        ? tcp.map(sample => ({ ...sample, requests: sample.connectionsOpened }))
        : requests,
    )
    .filter(sample => scope.includes(sample));
  const reported = new Set(
    samples
      .filter(({ reporter }) => reporter !== 'destination')
      .map(({ source }) => callerKey(source)),
  );
  const bySource = new Set(
    samples
      .filter(({ reporter }) => reporter === 'source')
      .map(({ source }) => callerKey(source)),
  );
  const split: ObservedSplit = {
    total: 0,
    byWorkload: new Map(),
    byVersion: new Map(),
    notRouted: [],
  };
  for (const sample of samples) {
    const caller = callerKey(sample.source);
    if (sample.reporter === 'waypoint' && bySource.has(caller)) {
      continue;
    }
    if (sample.reporter === 'destination') {
      if (sample.source.workload !== undefined && reported.has(caller)) {
        continue;
      }
      if (sample.security !== 'mutual_tls') {
        addNotRouted(split, sample);
        continue;
      }
    }
    addRouted(split, sample);
  }
  split.notRouted.sort((a, b) => b.requests - a.requests);
  return split;
}

function callerKey(source: TelemetryPeer): string {
  return `${source.namespace ?? ''}/${source.workload ?? ''}`;
}

function addRouted(split: ObservedSplit, sample: Count): void {
  const { workload, version } = sample.destination;
  if (workload === undefined && version === undefined) {
    return;
  }
  split.total += sample.requests;
  if (workload !== undefined) {
    increase(split.byWorkload, workload, sample.requests);
  }
  if (version !== undefined) {
    increase(split.byVersion, version, sample.requests);
  }
}

function increase(
  counts: Map<string, number>,
  key: string,
  amount: number,
): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

function addNotRouted(split: ObservedSplit, sample: Count): void {
  const { namespace } = sample.source;
  const caller = sample.source.workload ?? 'callers outside the mesh';
  const known = split.notRouted.find(
    entry => entry.caller === caller && entry.namespace === namespace,
  );
  if (known) {
    known.requests += sample.requests;
  } else {
    split.notRouted.push({
      caller,
      ...(namespace === undefined ? {} : { namespace }),
      requests: sample.requests,
    });
  }
}

function scopeOf(
  match: EntityMatch,
  snapshots: readonly MeshSnapshot[],
  routes: readonly TrafficRoute[],
): { includes(sample: Count): boolean } {
  const services = new Set<string>();
  const domains = new Set(snapshots.map(({ domain }) => domain));
  for (const route of routes) {
    for (const host of [route.host, ...route.destinations.map(d => d.host)]) {
      for (const domain of domains) {
        const service = serviceOfHost(host, domain);
        if (service) {
          services.add(`${service.namespace}/${service.name}`);
        }
      }
    }
  }
  const workloads = new Set(
    routes.flatMap(route =>
      route.destinations.flatMap(destination =>
        destination.workloads.map(
          name => `${namespaceOf(destination.host)}/${name}`,
        ),
      ),
    ),
  );
  match.workloads.forEach(({ namespace, name }) =>
    workloads.add(`${namespace}/${name}`),
  );
  const gateways = new Set(routes.flatMap(route => route.gateways));
  const forMesh = gateways.delete(MESH_GATEWAY);
  const forGateways = gateways.size > 0;
  return {
    includes(sample) {
      const { namespace, workload } = sample.destination;
      const addressed =
        sample.destinationServiceName === undefined ||
        services.has(
          `${sample.destinationServiceNamespace}/${sample.destinationServiceName}`,
        );
      const served =
        workload === undefined || workloads.has(`${namespace}/${workload}`);
      // A gateway goes by its own routes, not by those for callers inside the mesh.
      const inForce = isGateway(snapshots, sample.source)
        ? forGateways
        : forMesh;
      return addressed && served && inForce;
    },
  };
}

function namespaceOf(host: string): string {
  return host.split('.')[1] ?? '';
}

function isGateway(
  snapshots: readonly MeshSnapshot[],
  source: TelemetryPeer,
): boolean {
  const { namespace, workload } = source;
  if (namespace === undefined || workload === undefined) {
    return false;
  }
  return snapshots.some(snapshot => {
    const [pod] = snapshot.podsOf({
      kind: 'Deployment',
      namespace,
      name: workload,
    });
    return pod !== undefined && readPod(pod).proxy === 'gateway';
  });
}
