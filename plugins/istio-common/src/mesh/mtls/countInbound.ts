import {
  RequestSample,
  TcpSample,
  TelemetryPeer,
  TrafficObservation,
} from '../../telemetry/types';

/** Calls of one client to one server, as the server's side counted them. */
export interface InboundCalls {
  /** Cluster whose telemetry said so. */
  cluster: string;
  source: TelemetryPeer;
  destination: TelemetryPeer;
  /** Undefined: this series cannot know. */
  encrypted: boolean | undefined;
  requests: number;
  connections: number;
  /** Also true of a connection that was opened before the window and still carries bytes. */
  active: boolean;
  service?: { namespace?: string; name?: string };
}

/**
 * What the servers' proxies counted: only they know whether a call came encrypted (clients always report
 * "unknown"). A waypoint would report the requests of servers that report themselves again.
 *
 * Source: istio/istio connection_security_policy; ztunnel reports plaintext as "unknown".
 */
export function countInbound(options: {
  observations: readonly TrafficObservation[];
  isServer: (peer: TelemetryPeer) => boolean;
  /** `namespace/name` of workloads that ztunnel serves. */
  ambient: ReadonlySet<string>;
}): InboundCalls[] {
  const { observations, isServer, ambient } = options;
  const counted = observations.filter(({ error }) => error === undefined);
  const servers = reportingServers(counted);
  const isCounted = (sample: RequestSample | TcpSample) =>
    sample.reporter !== 'source' && isServer(sample.destination);
  return counted.flatMap(({ requests, tcp }) => [
    ...requests
      .filter(isCounted)
      .filter(
        item =>
          item.reporter !== 'waypoint' ||
          !servers.has(peerName(item.destination)),
      )
      .map(item => ({
        ...describe(item, ambient),
        requests: item.requests,
        connections: 0,
        active: item.requests > 0,
      })),
    ...tcp.filter(isCounted).map(item => ({
      ...describe(item, ambient),
      requests: 0,
      connections: item.connectionsOpened,
      active:
        item.connectionsOpened > 0 ||
        item.sentBytes > 0 ||
        item.receivedBytes > 0,
    })),
  ]);
}

/** `namespace/name`, as workloads are kept in sets. */
export function peerName({ namespace, workload }: TelemetryPeer): string {
  return `${namespace}/${workload}`;
}

function describe(
  sample: RequestSample | TcpSample,
  ambient: ReadonlySet<string>,
): Omit<InboundCalls, 'requests' | 'connections' | 'active'> {
  const { cluster, source, destination } = sample;
  const { destinationServiceName, destinationServiceNamespace } = sample;
  return {
    cluster,
    source,
    destination,
    encrypted: isEncrypted(sample, ambient),
    ...(destinationServiceName
      ? {
          service: {
            namespace: destinationServiceNamespace,
            name: destinationServiceName,
          },
        }
      : {}),
  };
}

/** Workloads whose own proxy reports requests. */
function reportingServers(
  observations: readonly TrafficObservation[],
): ReadonlySet<string> {
  return new Set(
    observations.flatMap(({ requests }) =>
      requests
        .filter(({ reporter }) => reporter === 'destination')
        .map(({ destination }) => peerName(destination)),
    ),
  );
}

function isEncrypted(
  sample: RequestSample | TcpSample,
  ambient: ReadonlySet<string>,
): boolean | undefined {
  if (sample.security !== 'unknown') {
    return sample.security === 'mutual_tls';
  }
  return ambient.has(peerName(sample.destination)) ? false : undefined;
}
