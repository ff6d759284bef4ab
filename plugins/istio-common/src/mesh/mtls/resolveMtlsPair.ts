import { DecidedBy } from '../../resources/types';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import {
  JudgedConnection,
  judgeConnection,
  ServerSide,
} from './judgeConnection';
import { CalledService, listCalledServices } from './listCalledServices';
import { listEndpoints, PodEndpoint } from './listEndpoints';
import { resolveInboundPort } from './resolveInboundPort';
import { resolveProxy } from './resolveInboundProxy';
import { resolvePortMtls } from './resolvePortMtls';
import { resolveSent, Sent } from './resolveSent';
import { ClientSends, MtlsOutcome, PortMtls } from './types';

/** A client's connection to one pod of the server. */
export interface EndpointMtls extends JudgedConnection {
  pod: string;
  address?: string;
  /** Undefined: not known. */
  sends?: ClientSends;
}

/** What a client sends to a port of the server, and what becomes of it. */
export interface PairMtls {
  /** Where endpoints differ, the least protected; undefined: not known. */
  sends?: ClientSends;
  outcome: MtlsOutcome;
  reason: string;
  decidedBy: DecidedBy[];
  /** The service that is called; undefined: none leads to the port, so pods are dialled. */
  host?: string;
  servicePort?: number;
  endpoints: EndpointMtls[];
}

/** Encryption of one workload port, and of one client's calls to it. */
export interface MtlsAnswer extends PortMtls {
  port: number;
  client?: PairMtls;
  /** False where the answer was not compared with a running data plane: ambient. */
  proven: boolean;
}

/** Who calls which service; without one, the oldest that leads to the port. */
export interface MtlsClient {
  workload: WorkloadKey;
  /** `port`: of several ports of the service that lead to the same container port. */
  service?: { namespace: string; name: string; port?: number };
  subset?: string;
}

/**
 * What the port accepts, what the client's proxy sends to it, and what becomes of that: by the client's
 * DestinationRule or automatic mTLS, for each pod of the server.
 */
export function resolveMtlsPair(options: {
  snapshot: MeshSnapshot;
  server: WorkloadKey;
  /** Container port. */
  port: number;
  client?: MtlsClient;
}): MtlsAnswer {
  const { snapshot, server, port, client } = options;
  const mode = resolvePortMtls({ snapshot, workload: server, port });
  const parties = [server, ...(client ? [client.workload] : [])];
  const answer: MtlsAnswer = {
    port,
    ...mode,
    proven: parties.every(
      workload => resolveProxy(snapshot, workload).by !== 'ambient',
    ),
  };
  return client
    ? {
        ...answer,
        client: resolvePair({ snapshot, server, port, client, mode }),
      }
    : answer;
}

function resolvePair(options: {
  snapshot: MeshSnapshot;
  server: WorkloadKey;
  port: number;
  client: MtlsClient;
  mode: PortMtls;
}): PairMtls {
  const { snapshot, server, port, client, mode } = options;
  const called = findCalled(options);
  const sent = resolveSent({
    snapshot,
    client: client.workload,
    called,
    targetPort: port,
    subset: client.subset,
  });
  const side: ServerSide = {
    port,
    mode: mode.mode,
    decidedBy: mode.decidedBy,
    inbound: resolveInboundPort({ snapshot, workload: server, port }),
  };
  const endpoints = listEndpoints(snapshot, server)
    .filter(endpoint => sent.reaches?.(endpoint) ?? true)
    .map(endpoint => judgeEndpoint({ sent, side, endpoint }));
  return {
    ...summarise(endpoints),
    decidedBy: [sent.decidedBy, mode.decidedBy],
    ...(called ? { host: called.host, servicePort: called.port } : {}),
    endpoints,
  };
}

function findCalled(options: {
  snapshot: MeshSnapshot;
  server: WorkloadKey;
  port: number;
  client: MtlsClient;
}): CalledService | undefined {
  const { snapshot, server, port, client } = options;
  const { service } = client;
  return listCalledServices({ snapshot, workload: server, port }).find(
    ({ object, port: servicePort }) =>
      !service ||
      (object.metadata.name === service.name &&
        object.metadata.namespace === service.namespace &&
        (service.port ?? servicePort) === servicePort),
  );
}

function judgeEndpoint(options: {
  sent: Sent;
  side: ServerSide;
  endpoint: PodEndpoint;
}): EndpointMtls {
  const { sent, side, endpoint } = options;
  const sends = sent.to(endpoint);
  const base = {
    pod: endpoint.name,
    ...(endpoint.address ? { address: endpoint.address } : {}),
    ...(sends ? { sends } : {}),
  };
  if (sent.blocked) {
    return { ...base, outcome: 'refused', reason: sent.note ?? '' };
  }
  if (!sends) {
    return {
      ...base,
      outcome: 'unknown',
      reason:
        sent.note ??
        'it is not known whether the client’s sidecar tunnels to ztunnel (HBONE)',
    };
  }
  return { ...base, ...judgeConnection({ server: side, endpoint, sends }) };
}

/** From the least protected. */
const PROTECTION: readonly ClientSends[] = [
  'plaintext',
  'tls',
  'mutualTLS',
  'mtls',
];

function summarise(
  endpoints: readonly EndpointMtls[],
): Pick<PairMtls, 'sends' | 'outcome' | 'reason'> {
  const [first] = endpoints;
  if (!first) {
    return {
      outcome: 'unknown',
      reason: 'the call reaches no pod of the server',
    };
  }
  const all = endpoints.map(({ sends }) => sends);
  const sends = all.includes(undefined)
    ? undefined
    : PROTECTION.find(kind => all.includes(kind));
  const same = endpoints.every(({ outcome }) => outcome === first.outcome);
  return {
    ...(sends ? { sends } : {}),
    outcome: same ? first.outcome : 'mixed',
    reason: same
      ? first.reason
      : endpoints
          .slice(0, 5)
          .map(({ pod, reason }) => `${pod}: ${reason}`)
          .join('; '),
  };
}
