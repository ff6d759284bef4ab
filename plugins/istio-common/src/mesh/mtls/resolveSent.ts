import { matchesLabels } from '../../resources/selector';
import { readService } from '../../resources/service';
import { DecidedBy } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { proxyView } from '../route/proxyView';
import { scopeService } from '../route/scopeServices';
import { CalledService } from './listCalledServices';
import { PodEndpoint, toEndpoint } from './listEndpoints';
import { ClientTls, resolveClientTls } from './resolveClientTls';
import { resolveProxy } from './resolveInboundProxy';
import { ClientSends } from './types';

/** What a client sends to the pods behind a service. */
export interface Sent {
  decidedBy: DecidedBy;
  /** Undefined: not known, for the reason given. */
  to(endpoint: PodEndpoint): ClientSends | undefined;
  /** Why it cannot be told, or why nothing arrives. */
  note?: string;
  /** Whether the call can reach the pod at all: a subset is for some only. */
  reaches?(endpoint: PodEndpoint): boolean;
  /** The client's proxy does not let the call out, or has nowhere to send it. */
  blocked?: boolean;
}

/** By the client's proxy: a sidecar goes by DestinationRules and automatic mTLS, ztunnel by the far end. */
export function resolveSent(options: {
  snapshot: MeshSnapshot;
  client: WorkloadKey;
  called?: CalledService;
  /** Container port behind it. */
  targetPort: number;
  subset?: string;
}): Sent {
  const { snapshot, client } = options;
  const proxy = resolveProxy(snapshot, client);
  switch (proxy.by) {
    case 'none':
      return { decidedBy: proxy.decidedBy, to: () => 'plaintext' };
    case 'unknown':
      return {
        decidedBy: proxy.decidedBy,
        to: () => undefined,
        note: 'it is not known whether the client has a proxy',
      };
    case 'ambient':
      return {
        decidedBy: {
          by: 'istioDefault',
          note: 'ztunnel uses mTLS to whatever takes HBONE',
        },
        to: endpoint => (takesHbone(endpoint) ? 'mtls' : 'plaintext'),
      };
    default:
      return sentBySidecar(options);
  }
}

function takesHbone({ proxy, labels }: PodEndpoint): boolean {
  return proxy === 'ambient' || labels['networking.istio.io/tunnel'] === 'http';
}

function sentBySidecar(options: {
  snapshot: MeshSnapshot;
  client: WorkloadKey;
  called?: CalledService;
  targetPort: number;
  subset?: string;
}): Sent {
  const { snapshot, client, called, targetPort, subset } = options;
  const object = snapshot.workload(client);
  const labels = object ? readWorkload(object).labels : {};
  const view = proxyView(snapshot, {
    kind: 'sidecar',
    namespace: client.namespace,
    labels,
  });
  const service = called && scopeService(view, called.host);
  if (!called || !service) {
    return unseen(view.outboundMode, called);
  }
  const endpoints = endpointsOf(snapshot, called).map(
    ({ namespace, labels: own }) => ({
      namespace,
      labels: own,
      port: targetPort,
    }),
  );
  const tls = resolveClientTls({
    snapshot,
    client: { namespace: client.namespace, labels },
    service,
    port: called.port,
    subset,
    endpoints,
  });
  return tls
    ? {
        decidedBy: tls.decidedBy,
        to: endpoint => sentTo(tls, endpoint, targetPort),
        reaches: endpoint => matchesLabels(tls.subset ?? {}, endpoint.labels),
      }
    : {
        decidedBy: {
          by: 'nothing',
          note: `no DestinationRule defines the subset ${subset} of ${called.host}`,
        },
        to: () => 'plaintext',
        note: `the subset ${subset} of ${called.host} is not defined`,
        blocked: true,
      };
}

/** A host that the proxy does not know goes out as it is, or not at all. */
function unseen(outboundMode: string, called: CalledService | undefined): Sent {
  const what = called
    ? `${called.host} is not visible to the client`
    : 'no Service leads to the port, so pods are dialled by address';
  const decidedBy: DecidedBy = { by: 'nothing', note: what };
  return outboundMode === 'REGISTRY_ONLY'
    ? {
        decidedBy,
        to: () => 'plaintext',
        note: `${what}, and the client may call registered hosts only`,
        blocked: true,
      }
    : { decidedBy, to: () => 'plaintext' };
}

function endpointsOf(
  snapshot: MeshSnapshot,
  called: CalledService,
): PodEndpoint[] {
  const { namespace, selector } = readService(called.object);
  return snapshot.podsMatching(namespace, selector).map(toEndpoint);
}

/** Whether a sidecar reaches ztunnel by HBONE depends on how it was injected, which pods do not tell. */
function sentTo(
  tls: ClientTls,
  endpoint: PodEndpoint,
  port: number,
): ClientSends | undefined {
  if (tls.sends !== 'perEndpoint') {
    return tls.sends;
  }
  if (tls.takesMtls({ ...endpoint, port })) {
    return 'mtls';
  }
  return endpoint.proxy === 'ambient' ? undefined : 'plaintext';
}
