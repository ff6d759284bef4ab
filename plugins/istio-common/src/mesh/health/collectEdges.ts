import { EntityMatch } from '../../entity/types';
import {
  RequestSample,
  TcpSample,
  TelemetryPeer,
  TrafficObservation,
} from '../../telemetry/types';
import { WorkloadSet } from '../workloadSet';
import {
  addSample,
  addTallies,
  CodeTallies,
  mergeReporters,
  totalOf,
} from './mergeReporters';

/** The other side of an edge, as people know it. */
export interface EdgePeer {
  /** Canonical service, else workload, else the addressed Service or host; undefined: unknown. */
  name?: string;
  namespace?: string;
  /** Workloads behind the name, most requests first. */
  workloads: string[];
  /** Host it was addressed by. */
  host?: string;
}

/** Traffic between the component and one other side, each request counted once. */
export interface Edge {
  direction: 'inbound' | 'outbound';
  protocol: 'http' | 'grpc' | 'tcp';
  peer: EdgePeer;
  /** HTTP and gRPC only. */
  codes: CodeTallies;
  tcp: { opened: number; failed: number; bytes: number };
  /** A server's proxy saw plaintext from a caller without name: the caller is outside the mesh. */
  plaintextUnknown: boolean;
}

type Sample = RequestSample | TcpSample;
type Direction = Edge['direction'];
type Side = 'client' | 'server' | 'waypoint';

interface Bucket {
  codes: Record<Side, CodeTallies>;
  tcp: Record<Side, Edge['tcp']>;
}

interface OpenEdge {
  edge: Edge;
  workloads: Map<string, number>;
  buckets: Map<string, Bucket>;
}

const SIDES = {
  source: 'client',
  destination: 'server',
  waypoint: 'waypoint',
} as const satisfies Record<Sample['reporter'], Side>;

/** Response flags of a TCP connection that came to nothing. Source: Envoy access log response flags. */
const FAILED_TCP_FLAGS = new Set(['UF', 'UH', 'UO', 'NR', 'NC', 'URX']);

/**
 * The edges of a component over all clusters. Observations with an error are passed over; the caller says
 * so to the reader.
 */
export function collectEdges(options: {
  match: Pick<EntityMatch, 'workloads' | 'services'>;
  observations: readonly TrafficObservation[];
}): Edge[] {
  const { match, observations } = options;
  const own = new WorkloadSet(match);
  const counted = observations.filter(({ error }) => error === undefined);
  const names = canonicalNamesOfServices(counted);
  const versions = new Map(
    match.workloads.map(({ namespace, name, version }) => [
      `${namespace}/${name}`,
      version,
    ]),
  );
  const open = new Map<string, OpenEdge>();
  for (const { requests, tcp } of counted) {
    for (const sample of requests) {
      const { namespace, workload, version } = sample.destination;
      const served =
        version ?? versions.get(`${namespace}/${workload}`) ?? workload;
      for (const bucket of bucketsOf(sample, sample.protocol)) {
        addSample(bucket.codes[SIDES[sample.reporter]], sample, served);
      }
    }
    for (const sample of tcp) {
      for (const bucket of bucketsOf(sample, 'tcp')) {
        addTcp(bucket.tcp[SIDES[sample.reporter]], sample);
      }
    }
  }
  return [...open.values()].map(close);

  function bucketsOf(sample: Sample, protocol: Edge['protocol']): Bucket[] {
    const directions: Direction[] = [];
    if (own.receives(sample)) {
      directions.push('inbound');
    }
    if (own.hasWorkload(sample.source)) {
      directions.push('outbound');
    }
    return directions.map(direction =>
      openBucket(open, { direction, protocol, sample, names }),
    );
  }
}

/** Requests that reach no pod carry the Service only; those that do teach which workloads it stands for. */
function canonicalNamesOfServices(
  observations: readonly TrafficObservation[],
): ReadonlyMap<string, { name: string; namespace?: string }> {
  const names = new Map<string, { name: string; namespace?: string }>();
  for (const { requests, tcp } of observations) {
    for (const sample of [...requests, ...tcp]) {
      const name =
        sample.destination.canonicalService ?? sample.destination.workload;
      if (name !== undefined && sample.destinationServiceName) {
        names.set(serviceKey(sample), {
          name,
          namespace: sample.destination.namespace,
        });
      }
    }
  }
  return names;
}

function serviceKey(sample: Sample): string {
  return `${sample.destinationServiceNamespace ?? ''}/${
    sample.destinationServiceName ?? ''
  }`;
}

function openBucket(
  open: Map<string, OpenEdge>,
  found: {
    direction: Direction;
    protocol: Edge['protocol'];
    sample: Sample;
    names: ReadonlyMap<string, { name: string; namespace?: string }>;
  },
): Bucket {
  const { direction, protocol, sample, names } = found;
  const inbound = direction === 'inbound';
  const far = inbound ? sample.source : sample.destination;
  const peer = inbound
    ? nameOf(far)
    : nameOf(far) ?? names.get(serviceKey(sample)) ?? nameOfService(sample);
  const key = [direction, protocol, peer?.namespace, peer?.name].join('\n');
  const entry = open.get(key) ?? newEdge(direction, protocol, peer);
  open.set(key, entry);
  if (far.workload !== undefined) {
    const amount =
      'requests' in sample ? sample.requests : sample.connectionsOpened;
    entry.workloads.set(
      far.workload,
      (entry.workloads.get(far.workload) ?? 0) + amount,
    );
  } else if (inbound && sample.security === 'none') {
    entry.edge.plaintextUnknown = true;
  }
  if (!inbound && sample.destinationService) {
    entry.edge.peer.host = sample.destinationService;
  }
  return bucketFor(entry, sample);
}

function nameOf(
  peer: TelemetryPeer,
): { name: string; namespace?: string } | undefined {
  const name = peer.canonicalService ?? peer.workload;
  return name === undefined ? undefined : { name, namespace: peer.namespace };
}

function nameOfService(
  sample: Sample,
): { name: string; namespace?: string } | undefined {
  const name = sample.destinationServiceName ?? sample.destinationService;
  return name === undefined
    ? undefined
    : { name, namespace: sample.destinationServiceNamespace };
}

function newEdge(
  direction: Direction,
  protocol: Edge['protocol'],
  peer: { name: string; namespace?: string } | undefined,
): OpenEdge {
  return {
    edge: {
      direction,
      protocol,
      peer: { ...peer, workloads: [] },
      codes: new Map(),
      tcp: { opened: 0, failed: 0, bytes: 0 },
      plaintextUnknown: false,
    },
    workloads: new Map(),
    buckets: new Map(),
  };
}

/**
 * Both sides of a request are put together per pair of clusters, as the series name them (Istio's cluster
 * ids, which need not be the portal's); adding up the pairs then counts nothing twice.
 */
function bucketFor(entry: OpenEdge, sample: Sample): Bucket {
  const known = sample.source.cluster ?? sample.destination.cluster ?? '';
  const key = `${sample.source.cluster ?? known}|${
    sample.destination.cluster ?? known
  }`;
  const bucket = entry.buckets.get(key) ?? {
    codes: { client: new Map(), server: new Map(), waypoint: new Map() },
    tcp: { client: noTcp(), server: noTcp(), waypoint: noTcp() },
  };
  entry.buckets.set(key, bucket);
  return bucket;
}

function noTcp(): Edge['tcp'] {
  return { opened: 0, failed: 0, bytes: 0 };
}

function addTcp(tcp: Edge['tcp'], sample: TcpSample): void {
  const broken = FAILED_TCP_FLAGS.has(sample.responseFlags ?? '-');
  tcp.opened += broken ? 0 : sample.connectionsOpened;
  tcp.failed +=
    sample.connectionsFailed + (broken ? sample.connectionsOpened : 0);
  tcp.bytes += sample.sentBytes + sample.receivedBytes;
}

function close({ edge, workloads, buckets }: OpenEdge): Edge {
  edge.peer.workloads = [...workloads]
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name);
  for (const { codes, tcp } of buckets.values()) {
    const server = totalOf(codes.server) > 0 ? codes.server : codes.waypoint;
    const clientOnly = edge.direction === 'outbound' && codes.client.size > 0;
    addTallies(
      edge.codes,
      clientOnly ? codes.client : mergeReporters(codes.client, server),
    );
    for (const field of ['opened', 'failed', 'bytes'] as const) {
      edge.tcp[field] += Math.max(
        ...Object.values(tcp).map(side => side[field]),
      );
    }
  }
  return edge;
}
