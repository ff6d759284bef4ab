import type { FlowIdentity } from '../flows/FlowTimeline';
import type { Peer, TrafficPlan } from '../types';

/** One view of a flow: who reports it and with which metrics. */
export interface Report {
  reporter: 'source' | 'destination' | 'waypoint';
  family: 'http' | 'tcp';
  /** Whose pods carry the counters; `ztunnel` stands for the node proxies. */
  pods: 'client' | 'server' | 'waypoint' | 'ztunnel';
  labels: Record<string, string>;
  /** TCP connections per request of the flow. */
  connectionsPerRequest: number;
}

const UNKNOWN = 'unknown';

/** Requests share connections when a proxy carries HTTP as TCP. */
const REQUESTS_PER_CONNECTION = 20;

function peerLabels(
  side: 'source' | 'destination',
  peer: Peer | undefined,
  options: { cluster: string; principal: string },
): Record<string, string> {
  const workload = peer?.workload ?? UNKNOWN;
  return {
    [`${side}_workload`]: workload,
    [`${side}_workload_namespace`]: peer?.namespace ?? UNKNOWN,
    [`${side}_principal`]: options.principal,
    [`${side}_app`]: peer?.app ?? UNKNOWN,
    [`${side}_version`]: peer?.version ?? UNKNOWN,
    [`${side}_canonical_service`]: peer?.app ?? UNKNOWN,
    [`${side}_canonical_revision`]: peer?.version ?? UNKNOWN,
    [`${side}_cluster`]: peer ? options.cluster : UNKNOWN,
  };
}

function serviceLabels(flow: FlowIdentity): Record<string, string> {
  return {
    destination_service: flow.service?.host ?? UNKNOWN,
    destination_service_name: flow.service?.name ?? UNKNOWN,
    destination_service_namespace: flow.service?.namespace ?? UNKNOWN,
  };
}

/**
 * How a flow appears in telemetry. Sidecars and gateways report what they send as `source` (security always
 * `unknown` there) and what they receive as `destination`; a waypoint reports requests as `waypoint`; ztunnel
 * reports connections on both sides.
 */
export function reportsOf(flow: FlowIdentity, plan: TrafficPlan): Report[] {
  const context = describe(flow, plan);
  return flow.protocol === 'tcp'
    ? tcpReports(flow, context)
    : [...httpReports(flow, context), ...carrierReports(flow, context)];
}

interface Described {
  encrypted: boolean;
  /** Labels of both peers and the service. */
  full: Record<string, string>;
  /** The same with the client as the server's proxy knows it. */
  atServer: Record<string, string>;
  http: Record<string, string>;
  spiffe(peer: Peer | undefined): string;
  peers(
    source: Peer | undefined,
    destination: Peer | undefined,
  ): Record<string, string>;
}

function describe(flow: FlowIdentity, plan: TrafficPlan): Described {
  const encrypted = flow.security === 'mutual_tls' && !flow.local;
  const spiffe = (peer: Peer | undefined) =>
    peer && encrypted
      ? `spiffe://${plan.trustDomain}/ns/${peer.namespace}/sa/${peer.serviceAccount}`
      : UNKNOWN;
  const peers = (source: Peer | undefined, destination: Peer | undefined) => ({
    ...peerLabels('source', source, {
      cluster: plan.cluster,
      principal: spiffe(source),
    }),
    ...peerLabels('destination', destination, {
      cluster: plan.cluster,
      principal: spiffe(destination),
    }),
    ...serviceLabels(flow),
  });
  const named =
    flow.client.mode === 'none' && !plan.peerDiscovery
      ? undefined
      : flow.client;
  const known = flow.local && !flow.server ? undefined : flow.server;
  return {
    encrypted,
    spiffe,
    peers,
    full: peers(flow.client, known),
    atServer: peers(named, known),
    http: {
      request_protocol: flow.protocol,
      response_code: flow.code,
      ...(flow.grpcStatus === undefined
        ? {}
        : { grpc_response_status: flow.grpcStatus }),
    },
  };
}

const securityOf = (encrypted: boolean) => (encrypted ? 'mutual_tls' : 'none');

function httpReports(flow: FlowIdentity, context: Described): Report[] {
  const reports: Report[] = [];
  const base = { family: 'http' as const, connectionsPerRequest: 0 };
  const { mode } = flow.client;
  if ((mode === 'sidecar' || mode === 'gateway') && !flow.mirror) {
    reports.push({
      ...base,
      reporter: 'source',
      pods: 'client',
      labels: {
        reporter: 'source',
        ...context.full,
        ...context.http,
        response_flags: flow.flagsAtSource,
        connection_security_policy: UNKNOWN,
      },
    });
  }
  if (flow.waypoint && !flow.mirror) {
    reports.push({
      ...base,
      reporter: 'waypoint',
      pods: 'waypoint',
      labels: {
        reporter: 'waypoint',
        ...context.full,
        ...context.http,
        response_flags: flow.local ? flow.flagsAtSource : flow.flagsAtServer,
        connection_security_policy: 'mutual_tls',
      },
    });
  }
  if (flow.server?.mode === 'sidecar' && !flow.local) {
    reports.push({
      ...base,
      reporter: 'destination',
      pods: 'server',
      labels: {
        reporter: 'destination',
        ...context.atServer,
        ...context.http,
        response_flags: flow.flagsAtServer,
        connection_security_policy: securityOf(context.encrypted),
      },
    });
  }
  return reports;
}

/** What ztunnel says of HTTP requests that pass it as connections. */
function carrierReports(flow: FlowIdentity, context: Described): Report[] {
  if (flow.mirror || (flow.local && !flow.waypoint)) return [];
  const base = {
    family: 'tcp' as const,
    pods: 'ztunnel' as const,
    connectionsPerRequest: 1 / REQUESTS_PER_CONNECTION,
  };
  const tcp = (
    reporter: 'source' | 'destination',
    peers: Record<string, string>,
    encrypted: boolean,
  ): Report => ({
    ...base,
    reporter,
    labels: {
      reporter,
      ...peers,
      request_protocol: 'tcp',
      response_flags: '-',
      connection_security_policy: encrypted ? 'mutual_tls' : UNKNOWN,
    },
  });
  const reports: Report[] = [];
  if (flow.client.mode === 'ambient') {
    const next = flow.waypoint ?? flow.server;
    reports.push(
      tcp(
        'source',
        context.peers(flow.client, next),
        flow.waypoint !== undefined || context.encrypted,
      ),
    );
  }
  if (flow.server?.mode === 'ambient' && !flow.local) {
    reports.push(
      tcp(
        'destination',
        flow.waypoint
          ? context.peers(flow.waypoint, flow.server)
          : context.atServer,
        context.encrypted,
      ),
    );
  }
  return reports;
}

function tcpReports(flow: FlowIdentity, context: Described): Report[] {
  const reports: Report[] = [];
  const { mode } = flow.client;
  const base = { family: 'tcp' as const, connectionsPerRequest: 1 };
  const protocol = { request_protocol: 'tcp' };
  if (mode === 'sidecar' || mode === 'gateway' || mode === 'ambient') {
    reports.push({
      ...base,
      reporter: 'source',
      pods: mode === 'ambient' ? 'ztunnel' : 'client',
      labels: {
        reporter: 'source',
        ...context.full,
        ...protocol,
        response_flags: flow.flagsAtSource,
        connection_security_policy:
          mode === 'ambient' && context.encrypted ? 'mutual_tls' : UNKNOWN,
      },
    });
  }
  const server = flow.server?.mode;
  if ((server === 'sidecar' || server === 'ambient') && !flow.local) {
    const plain = server === 'ambient' ? UNKNOWN : 'none';
    reports.push({
      ...base,
      reporter: 'destination',
      pods: server === 'ambient' ? 'ztunnel' : 'server',
      labels: {
        reporter: 'destination',
        ...context.atServer,
        ...protocol,
        response_flags: flow.flagsAtServer,
        connection_security_policy: context.encrypted ? 'mutual_tls' : plain,
      },
    });
  }
  return reports;
}
