import { MeshSnapshot } from '../../snapshot/types';
import { isFor, tablesOfServer } from '../route/gatewayConnections';
import {
  GatewayServer,
  isPassthrough,
  terminatesHttps,
} from '../route/gatewayServerModel';
import {
  gatewayProxy,
  gatewayServers,
  serversOf,
} from '../route/gatewayServers';
import { hostsForNamespace } from '../route/gatewayVirtualHost';
import { proxyOfGateway } from '../route/gatewayWorkload';
import { intersectHosts } from '../route/hostPatterns';
import { mergeServers } from '../route/mergedServers';
import { isHttp } from '../route/protocol';
import { proxyView, ProxyView } from '../route/proxyView';
import { Destination, Origin, RouteTable } from '../route/routeTable';
import { tableIndex } from '../route/tableIndex';
import { tableRoutes } from '../route/tableRoutes';
import {
  CertificateContext,
  resolveServerCertificates,
} from './gatewayCertificates';
import { readOuterService } from './readOuterService';
import { GatewayExposure } from './types';

/**
 * Hosts of gateways, Istio's and Gateway API's, whose rules send to one of the hosts. A server that its
 * proxy leaves out for a conflict is told with the conflict.
 */
export function findGatewayExposures(
  snapshot: MeshSnapshot,
  { hosts, ...context }: CertificateContext & { hosts: ReadonlySet<string> },
): GatewayExposure[] {
  const { byGateway } = tableIndex(snapshot);
  const leads = new Set(
    [...byGateway]
      .filter(([, tables]) => tables.some(table => sendsTo(table, hosts)))
      .map(([gateway]) => gateway),
  );
  return gatewayServers(snapshot)
    .filter(({ gatewayName }) => leads.has(gatewayName))
    .flatMap(server => describeServer(snapshot, { server, hosts, context }));
}

function sendsTo(table: RouteTable, hosts: ReadonlySet<string>): boolean {
  return [...table.http, ...table.tls, ...table.tcp].some(({ destinations }) =>
    destinations.some(({ host }) => hosts.has(host)),
  );
}

function describeServer(
  snapshot: MeshSnapshot,
  options: {
    server: GatewayServer;
    hosts: ReadonlySet<string>;
    context: CertificateContext;
  },
): GatewayExposure[] {
  const { server, hosts, context } = options;
  const { workload, caveats } = proxyOfGateway(snapshot, server);
  const proxy = gatewayProxy(snapshot, workload);
  const view = proxyView(snapshot, { kind: 'gateway', ...workload });
  const bound = serversOf(snapshot, proxy);
  const own = bound.find(each => each.server === server);
  const problem = own
    ? own.listenPorts.flatMap(port =>
        mergeServers(bound, port)
          .rejected.filter(each => each.server === server)
          .map(({ text }) => text),
      )[0]
    : 'No proxy serves this Gateway.';
  const certificates = resolveServerCertificates(snapshot, server, context).map(
    ({ use, ...certificate }) => certificate,
  );
  return hostsOf(view, server, hosts).map(({ host, rules }) => ({
    gateway: snapshot.refOf(server.object),
    fieldPath: server.path,
    host,
    port: server.port,
    protocol: server.protocol,
    tls: server.tls && !server.tls.httpsRedirect ? server.tls.mode : 'none',
    httpsRedirect: server.tls?.httpsRedirect ?? false,
    certificates,
    rules: rules.map(({ object, path }) => ({
      object: snapshot.refOf(object),
      fieldPath: path,
    })),
    services: proxy.services.map(service =>
      readOuterService(snapshot, service),
    ),
    ...(problem === undefined ? {} : { problem }),
    caveats,
  }));
}

/** The server's hosts with the rules that send to the component, each host once. */
function hostsOf(
  view: ProxyView,
  server: GatewayServer,
  hosts: ReadonlySet<string>,
): { host: string; rules: Origin[] }[] {
  const found = new Map<string, Origin[]>();
  for (const table of tablesOfServer(view, server)) {
    const rules = rulesOf(view, server, table).filter(({ destinations }) =>
      destinations.some(({ host }) => hosts.has(host)),
    );
    if (rules.length === 0) {
      continue;
    }
    for (const host of intersectHosts(
      hostsForNamespace(server, table.namespace),
      table.hosts,
    )) {
      const known = found.get(host) ?? [];
      found.set(host, [
        ...known,
        ...rules.filter(rule => !known.some(each => isSame(each, rule))),
      ]);
    }
  }
  return [...found].map(([host, rules]) => ({ host, rules }));
}

function isSame(a: Origin, b: Origin): boolean {
  return a.object === b.object && a.path === b.path;
}

/** The table's rules that are in force on the server. */
function rulesOf(
  view: ProxyView,
  server: GatewayServer,
  table: RouteTable,
): (Origin & { destinations: readonly Destination[] })[] {
  if (isHttp(server.protocol) || terminatesHttps(server)) {
    const { routes } = tableRoutes(table, {
      view,
      gateway: server.gatewayName,
      port: server.port,
    });
    return [...new Set(routes.map(({ rule }) => rule))];
  }
  const rules = isPassthrough(server)
    ? table.tls
    : [...table.tcp, ...(table.tlsRoute ? table.tls : [])];
  return rules.filter(
    ({ matches }) =>
      (matches.length === 0 && !isPassthrough(server)) ||
      matches.some(match => isFor(match, server)),
  );
}
