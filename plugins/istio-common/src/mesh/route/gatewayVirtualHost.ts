import { domainTakes, intersectHosts } from './hostPatterns';
import { GatewayServer } from './gatewayServerModel';
import { isCatchAll } from './matchHttp';
import { ProxyView } from './proxyView';
import { compareTables } from './tableIndex';
import { PassedOver, ProxyRoute, tableRoutes } from './tableRoutes';
import { visibilityRank } from './visibility';
import { RouteTable } from './routeTable';

/** The routes a gateway has for one domain. */
export interface GatewayVirtualHost {
  domain: string;
  routes: ProxyRoute[];
  passedOver: PassedOver[];
  /** Plain requests are answered with a redirect to HTTPS. */
  httpsOnly?: GatewayServer;
}

/**
 * Tables bound to a gateway that its proxy sees: private, exported by name, public; of public ones
 * Gateway API routes of the proxy's namespace first; then by age.
 *
 * Source: istio/istio pilot/pkg/model PushContext.VirtualServicesForGateway (1.31).
 */
export function tablesForGateway(
  view: ProxyView,
  gatewayName: string,
): RouteTable[] {
  const rank = (table: RouteTable) =>
    visibilityRank(table.visibility, {
      from: table.namespace,
      to: view.namespace,
    });
  const own = (table: RouteTable) =>
    Number(
      table.visibility === 'public' &&
        table.gatewayApi &&
        table.namespace === view.namespace,
    );
  return [...(view.tables.byGateway.get(gatewayName) ?? [])]
    .filter(table => rank(table) !== undefined)
    .sort(
      (a, b) =>
        (rank(a) ?? 0) - (rank(b) ?? 0) ||
        own(b) - own(a) ||
        compareTables(a, b),
    );
}

/** The server's hosts that a namespace's routes may use. */
export function hostsForNamespace(
  server: GatewayServer,
  namespace: string,
): string[] {
  return server.hosts.flatMap(entry => {
    const slash = entry.indexOf('/');
    const place = slash < 0 ? '*' : entry.slice(0, slash);
    return place === '*' || place === namespace ? [entry.slice(slash + 1)] : [];
  });
}

/**
 * The virtual host of a gateway's servers that takes a host. Tables for the same domain are put
 * together in order; routes that take every request go to the end.
 *
 * Source: istio/istio pilot/pkg/networking/core buildGatewayHTTPRouteConfig (1.31).
 */
export function findGatewayVirtualHost(
  view: ProxyView,
  servers: readonly GatewayServer[],
  host: string,
): GatewayVirtualHost | undefined {
  const hosts = new Map<string, GatewayVirtualHost>();
  const routesOf = memoizeRoutes(view);
  for (const server of servers) {
    for (const table of tablesForGateway(view, server.gatewayName)) {
      const domains = intersectHosts(
        hostsForNamespace(server, table.namespace),
        table.hosts,
      )
        .map(domain => domain.toLowerCase())
        .filter(domain => takes(domain, host));
      const found = domains.length > 0 ? routesOf(server, table) : undefined;
      for (const domain of found && found.routes.length > 0 ? domains : []) {
        addTo(hosts, domain, server, found);
      }
    }
    closePlain(hosts, server, host);
  }
  const best = [...hosts.keys()].sort(compareDomains)[0];
  const virtualHost = best === undefined ? undefined : hosts.get(best);
  return (
    virtualHost && { ...virtualHost, routes: catchAllLast(virtualHost.routes) }
  );
}

/** Exact names first, then the longest wildcard. */
function compareDomains(a: string, b: string): number {
  return (
    Number(a.startsWith('*')) - Number(b.startsWith('*')) || b.length - a.length
  );
}

function takes(domain: string, host: string): boolean {
  return (
    domain === host ||
    (domain.startsWith('*') && (domain === '*' || domainTakes(domain, host)))
  );
}

type Routes = ReturnType<typeof tableRoutes>;

/** Routes of a table are made once per gateway, for the port of the first of its servers. */
function memoizeRoutes(
  view: ProxyView,
): (server: GatewayServer, table: RouteTable) => Routes {
  const known = new Map<string, Map<RouteTable, Routes>>();
  return (server, table) => {
    const byTable =
      known.get(server.gatewayName) ?? new Map<RouteTable, Routes>();
    known.set(server.gatewayName, byTable);
    const routes =
      byTable.get(table) ??
      tableRoutes(table, {
        view,
        gateway: server.gatewayName,
        port: server.port,
      });
    if (routes.routes.length > 0) {
      byTable.set(table, routes);
    }
    return routes;
  };
}

function addTo(
  hosts: Map<string, GatewayVirtualHost>,
  domain: string,
  server: GatewayServer,
  found: Routes | undefined,
): void {
  const virtualHost = hosts.get(domain) ?? {
    domain,
    routes: [],
    passedOver: [],
  };
  virtualHost.routes.push(...(found?.routes ?? []));
  virtualHost.passedOver.push(...(found?.passedOver ?? []));
  if (server.tls?.httpsRedirect) {
    virtualHost.httpsOnly = server;
  }
  hosts.set(domain, virtualHost);
}

/** A server that redirects to HTTPS does so for all its hosts, with or without routes. */
function closePlain(
  hosts: Map<string, GatewayVirtualHost>,
  server: GatewayServer,
  host: string,
): void {
  if (!server.tls?.httpsRedirect) {
    return;
  }
  for (const written of server.hosts) {
    const domain = written.toLowerCase();
    if (takes(domain, host)) {
      addTo(hosts, domain, server, undefined);
    }
  }
}

function catchAllLast(routes: readonly ProxyRoute[]): ProxyRoute[] {
  return [
    ...routes.filter(({ match }) => !isCatchAll(match)),
    ...routes.filter(({ match }) => isCatchAll(match)),
  ];
}
