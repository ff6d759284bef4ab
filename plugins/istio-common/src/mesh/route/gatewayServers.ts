import {
  fieldsListOf,
  fieldsOf,
  isFields,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
  timeOf,
} from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import { compareText } from '../../resources/objectKey';
import {
  isEmptySelector,
  Labels,
  matchesLabels,
} from '../../resources/selector';
import { readService } from '../../resources/service';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { resolveTargetPort } from '../../snapshot/resolveTargetPort';
import { GatewayServer } from './gatewayServerModel';
import { kubernetesListeners } from './kubernetesListeners';
import { perLists } from './perLists';
import { parseProtocol } from './protocol';

const readGateways = perLists((lists): GatewayServer[] =>
  (lists[0] as readonly KubeObject[]).flatMap(readGateway),
);

/** The servers of Istio's Gateways. */
export function istioGatewayServers(
  snapshot: MeshSnapshot,
): readonly GatewayServer[] {
  return readGateways([snapshot.list('Gateway')]);
}

const joined = perLists(lists =>
  (lists.flat() as GatewayServer[]).sort(
    (a, b) =>
      a.created - b.created ||
      compareText(a.name, b.name) ||
      compareText(a.namespace, b.namespace) ||
      0,
  ),
);

/** The servers of all Gateways, Istio's and Gateway API's, oldest first. */
export function gatewayServers(
  snapshot: MeshSnapshot,
): readonly GatewayServer[] {
  return joined([
    readGateways([snapshot.list('Gateway')]),
    kubernetesListeners(snapshot),
  ]);
}

function readGateway(object: KubeObject): GatewayServer[] {
  const spec = fieldsOf(object.spec);
  const { name, namespace = '', creationTimestamp } = object.metadata;
  return fieldsListOf(spec.servers).flatMap((fields, index) => {
    const port = fieldsOf(fields.port);
    const number = numberOf(port.number);
    if (number === undefined) {
      return [];
    }
    const bind = textOf(fields.bind);
    return [
      {
        gatewayName: `${namespace}/${name}`,
        object,
        path: `spec.servers[${index}]`,
        name,
        namespace,
        created: timeOf(creationTimestamp) ?? Number.MAX_SAFE_INTEGER,
        port: number,
        portName: textOf(port.name) ?? '',
        protocol: parseProtocol(textOf(port.protocol)),
        ...(bind === undefined ? {} : { bind }),
        hosts: readHosts(textsOf(fields.hosts), namespace),
        ...(isFields(fields.tls)
          ? {
              tls: {
                mode: textOf(fields.tls.mode) ?? 'PASSTHROUGH',
                httpsRedirect: fields.tls.httpsRedirect === true,
              },
            }
          : {}),
        proxies: {
          by: 'selector' as const,
          selector: labelsOf(spec.selector),
        },
      },
    ];
  });
}

/**
 * `./host` is the Gateway's own namespace, `*` before a host all of them.
 *
 * Source: istio/istio pilot/pkg/model sanitizeServerHostNamespace (1.31).
 */
function readHosts(hosts: readonly string[], namespace: string): string[] {
  if (hosts.includes('*/*')) {
    return ['*'];
  }
  return hosts.map(host => {
    const slash = host.indexOf('/');
    if (slash < 0) {
      return host;
    }
    const place = host.slice(0, slash);
    const name = host.slice(slash + 1);
    if (place === '*') {
      return name;
    }
    return `${place === '.' ? namespace : place}/${name}`;
  });
}

/** A gateway proxy: its namespace, labels, and the Services its pods are behind. */
export interface GatewayProxy {
  namespace: string;
  labels: Labels;
  services: readonly KubeObject[];
}

/** The proxy of a gateway workload. */
export function gatewayProxy(
  snapshot: MeshSnapshot,
  workload: { namespace: string; labels: Labels },
): GatewayProxy {
  return {
    ...workload,
    services: snapshot
      .inNamespace('Service', workload.namespace)
      .filter(object => {
        const { selector } = readService(object);
        return (
          !isEmptySelector(selector) && matchesLabels(selector, workload.labels)
        );
      }),
  };
}

/** A server in force at a proxy, with the ports of the pod it listens on. */
export interface BoundServer {
  server: GatewayServer;
  listenPorts: readonly number[];
}

/** Set on a Service whose ports are not to be translated. */
const KEEP_PORTS = 'experimental.istio.io/disable-gateway-port-translation';

/**
 * The servers in force at a proxy. A port that a Service of the pod has means its target port. Beside a
 * managed Gateway of Gateway API, Istio's Gateways of other namespaces do not count.
 *
 * Source: istio/istio pilot/pkg/model mergeGateways, resolvePorts, filterStrictGatewayMerging (1.31).
 */
export function serversOf(
  snapshot: MeshSnapshot,
  proxy: GatewayProxy,
): BoundServer[] {
  const bound = gatewayServers(snapshot).filter(server =>
    isBound(snapshot, server, proxy),
  );
  const managed = new Set(
    bound
      .filter(({ proxies }) => proxies.by === 'service' && proxies.managed)
      .map(({ namespace }) => namespace),
  );
  return bound
    .filter(
      ({ proxies, namespace }) =>
        managed.size === 0 ||
        proxies.by === 'service' ||
        managed.has(namespace),
    )
    .map(server => ({
      server,
      listenPorts: listenPorts(snapshot, server, proxy),
    }));
}

function isBound(
  snapshot: MeshSnapshot,
  server: GatewayServer,
  proxy: GatewayProxy,
): boolean {
  const { proxies } = server;
  return proxies.by === 'selector'
    ? matchesLabels(proxies.selector, proxy.labels)
    : proxy.namespace === server.namespace &&
        targetServices(snapshot, proxies.hosts, proxy).length > 0;
}

function targetServices(
  snapshot: MeshSnapshot,
  hosts: readonly string[],
  proxy: GatewayProxy,
): KubeObject[] {
  return proxy.services.filter(object =>
    hosts.includes(serviceHost(readService(object), snapshot.domain)),
  );
}

function listenPorts(
  snapshot: MeshSnapshot,
  server: GatewayServer,
  proxy: GatewayProxy,
): number[] {
  const { proxies } = server;
  if (proxies.by === 'service') {
    const services = targetServices(snapshot, proxies.hosts, proxy);
    return [
      ...new Set(
        services.flatMap(object => targetPorts(snapshot, object, server.port)),
      ),
    ];
  }
  const [first] = proxy.services
    .filter(object => object.metadata.labels?.[KEEP_PORTS] === undefined)
    .flatMap(object => targetPorts(snapshot, object, server.port));
  return [first ?? server.port];
}

function targetPorts(
  snapshot: MeshSnapshot,
  object: KubeObject,
  number: number,
): number[] {
  return readService(object)
    .ports.filter(({ port }) => port === number)
    .flatMap(port => resolveTargetPort(snapshot, object, port) ?? []);
}
