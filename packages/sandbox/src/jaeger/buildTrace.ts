import { hash32 } from '../traffic/hash';
import type { Peer, TrafficPlan } from '../traffic/types';
import type {
  Hop,
  JaegerSpan,
  JaegerTag,
  JaegerTrace,
  SampledRequest,
} from './types';

/** Name of a workload in Jaeger, as Istio sets it: canonical service and namespace. */
export function serviceNameOf(peer: Peer): string {
  return `${peer.app}.${peer.namespace}`;
}

/** Envoy names a span by host, port and route. */
export function operationOf({ edge, outcome }: Hop): string {
  const host = outcome.target.service?.host ?? edge.call.to;
  return `${host}:${outcome.target.servicePort}/*`;
}

const text = (key: string, value: string): JaegerTag => ({
  key,
  type: 'string',
  value,
});

type Side = 'client' | 'server' | 'waypoint';

/** Proxies that report a span of a hop, from the client on. */
function sidesOf({ routed, outcome }: Hop): { side: Side; peer: Peer }[] {
  const sides: { side: Side; peer: Peer }[] = [];
  const { mode } = routed.client;
  if (mode === 'sidecar' || mode === 'gateway') {
    sides.push({ side: 'client', peer: routed.client });
  }
  const { target } = outcome;
  if (target.waypoint) {
    sides.push({ side: 'waypoint', peer: target.waypoint.peer });
  }
  if (target.server?.mode === 'sidecar' && !target.local) {
    sides.push({ side: 'server', peer: target.server });
  }
  return sides;
}

/** Whether any span of the hop carries `error`. */
export function isError({ outcome }: Hop): boolean {
  const status = Number(outcome.code);
  return status >= 500 || status === 0 || Number(outcome.grpcStatus ?? 0) > 0;
}

/** Whether any hop has a span of the service (one with an error, if asked). Cheaper than building the trace. */
export function mentions(
  hop: Hop,
  service: string,
  errorsOnly: boolean,
): boolean {
  return (
    ((!errorsOnly || isError(hop)) &&
      sidesOf(hop).some(({ peer }) => serviceNameOf(peer) === service)) ||
    hop.children.some(child => mentions(child, service, errorsOnly))
  );
}

/** Builds the Jaeger trace of a sampled request. */
export function buildTrace(
  request: SampledRequest,
  plan: TrafficPlan,
): JaegerTrace {
  const trace: JaegerTrace = {
    traceID: request.traceId,
    spans: [],
    processes: {},
    warnings: null,
  };
  addHop(trace, { hop: request.root, request, plan, parent: undefined });
  return trace;
}

interface HopContext {
  hop: Hop;
  request: SampledRequest;
  plan: TrafficPlan;
  parent: string | undefined;
}

function addHop(trace: JaegerTrace, context: HopContext): void {
  const { hop, request } = context;
  let { parent } = context;
  sidesOf(hop).forEach(({ side, peer }, order) => {
    // Each proxy further in sees the request a little later and done a little earlier.
    const inset = order * 0.3;
    const start = request.at + hop.start + inset;
    const spanID = spanIdOf(request.traceId, trace.spans.length);
    const span: JaegerSpan = {
      traceID: request.traceId,
      spanID,
      flags: 1,
      operationName: operationOf(hop),
      references: parent
        ? [{ refType: 'CHILD_OF', traceID: request.traceId, spanID: parent }]
        : [],
      startTime: Math.round(start * 1000),
      duration: Math.max(1, Math.round((hop.duration - 2 * inset) * 1000)),
      tags: tagsOf(context, side, peer),
      logs: [],
      processID: processOf(trace, peer),
      warnings: null,
    };
    trace.spans.push(span);
    parent = spanID;
  });
  for (const child of hop.children) {
    addHop(trace, { ...context, hop: child, parent });
  }
}

function spanIdOf(traceId: string, index: number): string {
  const part = (half: number) =>
    hash32(`${traceId}/${index}/${half}`).toString(16).padStart(8, '0');
  return part(0) + part(1);
}

function processOf(trace: JaegerTrace, peer: Peer): string {
  const serviceName = serviceNameOf(peer);
  const known = Object.keys(trace.processes).find(
    key => trace.processes[key].serviceName === serviceName,
  );
  if (known) return known;
  const key = `p${Object.keys(trace.processes).length + 1}`;
  trace.processes[key] = { serviceName, tags: [] };
  return key;
}

function tagsOf(
  { hop, plan, request }: HopContext,
  side: Side,
  peer: Peer,
): JaegerTag[] {
  const { outcome, edge } = hop;
  const { request: kind, service } = outcome.target;
  const host = service?.host ?? edge.call.to;
  const outbound = side !== 'server';
  const flags = outbound ? outcome.flagsAtSource : outcome.flagsAtServer;
  return [
    text('component', 'proxy'),
    text('span.kind', side === 'client' ? 'client' : 'server'),
    text('http.method', kind.method),
    text(
      'http.url',
      `http://${host}:${outcome.target.servicePort}${kind.path}`,
    ),
    text(
      'http.protocol',
      edge.call.protocol === 'grpc' ? 'HTTP/2' : 'HTTP/1.1',
    ),
    text('http.status_code', outcome.code),
    ...(outcome.grpcStatus === undefined
      ? []
      : [text('grpc.status_code', outcome.grpcStatus)]),
    text('response_flags', flags),
    text(
      'upstream_cluster',
      outbound
        ? `outbound|${outcome.target.servicePort}||${host}`
        : `inbound|${outcome.target.port}||`,
    ),
    text('guid:x-request-id', guidOf(request.traceId)),
    text('istio.mesh_id', plan.trustDomain),
    text('istio.cluster_id', plan.cluster),
    text('istio.namespace', peer.namespace),
    text('istio.canonical_service', peer.app),
    text('istio.canonical_revision', peer.version),
    ...(isError(hop)
      ? [{ key: 'error', type: 'bool' as const, value: true }]
      : []),
  ];
}

function guidOf(traceId: string): string {
  return [
    traceId.slice(0, 8),
    traceId.slice(8, 12),
    `9${traceId.slice(13, 16)}`,
    traceId.slice(16, 20),
    traceId.slice(20),
  ].join('-');
}
