import { hostsOverlap, isCovered } from './hostPatterns';
import { hostsForNamespace, tablesForGateway } from './gatewayVirtualHost';
import {
  GatewayServer,
  isPassthrough,
  terminatesHttps,
} from './gatewayServerModel';
import { ProxyView } from './proxyView';
import { L4Match, L4Rule, RouteTable } from './routeTable';

/** What a gateway does with a connection on a port of TLS servers. */
export type TlsHandling =
  | { by: 'http'; server: GatewayServer }
  | { by: 'rule'; server: GatewayServer; table: RouteTable; rule: L4Rule }
  /** Several servers take it, which Envoy does not accept. */
  | { by: 'conflict'; servers: GatewayServer[] };

/**
 * The server or rule that takes a connection: the closest server name wins. A connection without TLS has
 * no name; only what is handed on unopened, whatever its name, takes it.
 *
 * Source: istio/istio pilot/pkg/networking/core/gateway.go createGatewayTCPFilterChainOpts (1.31).
 */
export function handleTls(
  view: ProxyView,
  servers: readonly GatewayServer[],
  connection: { tls: boolean; sni: string },
): TlsHandling | undefined {
  const taken = new Set<string>();
  const sni = connection.tls ? connection.sni : '';
  const ranked = servers
    .flatMap(server => optionsOf(view, server, taken))
    .map(option => ({ option, rank: closeness(option.names, sni) }))
    .filter(({ rank }) => rank > 0);
  const best = Math.max(0, ...ranked.map(({ rank }) => rank));
  const [first, second] = ranked.filter(({ rank }) => rank === best);
  if (!first) {
    return undefined;
  }
  const { handling } = first.option;
  if (second) {
    const other = second.option.handling;
    return { by: 'conflict', servers: [handling.server, other.server] };
  }
  return connection.tls || isPassthrough(handling.server)
    ? handling
    : undefined;
}

interface Option {
  handling: Exclude<TlsHandling, { by: 'conflict' }>;
  /** Server names; empty: any. */
  names: readonly string[];
}

function optionsOf(
  view: ProxyView,
  server: GatewayServer,
  taken: Set<string>,
): Option[] {
  if (terminatesHttps(server)) {
    return [{ handling: { by: 'http', server }, names: namesOf(server) }];
  }
  if (!isPassthrough(server)) {
    const found = findTcpRule(view, server);
    return found
      ? [{ handling: { by: 'rule', server, ...found }, names: namesOf(server) }]
      : [];
  }
  return passthroughOptions(view, server, taken);
}

/** A server name that an earlier rule on the port has makes Istio leave the later match out. */
function passthroughOptions(
  view: ProxyView,
  server: GatewayServer,
  taken: Set<string>,
): Option[] {
  const options: Option[] = [];
  for (const table of tablesOfServer(view, server)) {
    for (const rule of table.tls.filter(
      ({ destinations }) => destinations.length > 0,
    )) {
      for (const match of rule.matches.filter(item => isFor(item, server))) {
        if (!match.sniHosts.some(name => taken.has(name))) {
          match.sniHosts.forEach(name => taken.add(name));
          options.push({
            handling: { by: 'rule', server, table, rule },
            names: match.sniHosts,
          });
        }
      }
    }
  }
  return options;
}

/** The TCP rule of a server that opens TLS or has none; a TLSRoute serves a server that opens TLS too. */
export function findTcpRule(
  view: ProxyView,
  server: GatewayServer,
): { table: RouteTable; rule: L4Rule } | undefined {
  for (const table of tablesOfServer(view, server)) {
    const rules = [...table.tcp, ...(table.tlsRoute ? table.tls : [])];
    const rule = rules.find(
      candidate =>
        candidate.destinations.length > 0 &&
        (candidate.matches.length === 0 ||
          candidate.matches.some(match => isFor(match, server))),
    );
    if (rule) {
      return { table, rule };
    }
  }
  return undefined;
}

/** Tables bound to a server whose hosts it opens for their namespace. */
export function tablesOfServer(
  view: ProxyView,
  server: GatewayServer,
): RouteTable[] {
  return tablesForGateway(view, server.gatewayName).filter(table =>
    hostsForNamespace(server, table.namespace).some(host =>
      table.hosts.some(other => hostsOverlap(host, other)),
    ),
  );
}

/** Whether a match is for the server's port and gateway. */
export function isFor(match: L4Match, server: GatewayServer): boolean {
  return (
    (match.port === undefined || match.port === server.port) &&
    (match.gateways.length === 0 || match.gateways.includes(server.gatewayName))
  );
}

function namesOf(server: GatewayServer): string[] {
  return server.hosts.map(host => host.slice(host.indexOf('/') + 1));
}

function closeness(names: readonly string[], sni: string): number {
  if (names.length === 0 || names.includes('*')) {
    return 0.5;
  }
  if (names.includes(sni)) {
    return Number.MAX_SAFE_INTEGER;
  }
  return Math.max(
    0,
    ...names.map(name =>
      sni !== '' && isCovered(sni, name) ? name.length : 0,
    ),
  );
}
