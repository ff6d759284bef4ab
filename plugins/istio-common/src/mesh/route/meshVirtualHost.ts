import { domainTakes } from './hostPatterns';
import {
  isHttpOn,
  MeshPortView,
  servicesOfDomain,
  servicesOnPort,
} from './meshDomains';
import {
  isServedBy,
  openWildcards,
  opensHosts,
  tablesAttachedTo,
  tablesNaming,
  inClaimOrder,
} from './meshTables';
import { MESH_GATEWAY } from '../../resources/virtualService';
import { MeshService } from './serviceModel';
import { PassedOver, ProxyRoute, tableRoutes } from './tableRoutes';
import { RouteTable } from './routeTable';

/** The routes a client's proxy has for one host on one port. */
export interface MeshVirtualHost {
  /** What the request's host was found under. */
  domain: string;
  /** The service the host stands for, where it does. */
  service?: MeshService;
  /** Undefined: Istio's default route to the service. */
  table?: RouteTable;
  routes: ProxyRoute[];
  passedOver: PassedOver[];
  /** Tables that were first in line but have no route for this client here. */
  empty: { table: RouteTable; passedOver: PassedOver[] }[];
}

/**
 * The virtual host that takes a request for a host: its exact name, else the longest wildcard.
 *
 * Source: istio/istio pilot/pkg/networking/core BuildSidecarOutboundVirtualHosts (1.31); Envoy's domain search.
 */
export function findMeshVirtualHost(
  place: MeshPortView,
  host: string,
): MeshVirtualHost | undefined {
  return (
    claimDomain(place, host, servicesOfDomain(place, host)) ??
    findWildcard(place, host)
  );
}

function findWildcard(
  place: MeshPortView,
  host: string,
): MeshVirtualHost | undefined {
  const byDomain = new Map<string, MeshService[]>();
  const add = (domain: string, service?: MeshService) =>
    byDomain.set(domain, [
      ...(byDomain.get(domain) ?? []),
      ...(service ? [service] : []),
    ]);
  openWildcards(place, host).forEach(domain => add(domain));
  wildcardServices(place, host).forEach(service => add(service.host, service));
  headlessServices(place, host).forEach(({ domain, service }) =>
    add(`*.${domain}`, service),
  );
  const domains = [...byDomain.keys()].sort((a, b) => b.length - a.length);
  for (const domain of domains) {
    const found = claimDomain(place, domain, byDomain.get(domain) ?? []);
    if (found) {
      return found;
    }
  }
  return undefined;
}

function wildcardServices(place: MeshPortView, host: string): MeshService[] {
  const hosts = new Set<string>();
  const list = place.view.registry.wildcardsByPort.get(place.port);
  for (const service of list?.seenBy(place.view.namespace) ?? []) {
    if (domainTakes(service.host, host)) {
      hosts.add(service.host);
    }
  }
  return [...hosts].flatMap(name => servicesOnPort(place, name));
}

/** A pod of a headless Service has a name of its own below the Service's. */
function headlessServices(
  place: MeshPortView,
  host: string,
): { domain: string; service: MeshService }[] {
  const found: { domain: string; service: MeshService }[] = [];
  for (
    let dot = host.indexOf('.');
    dot >= 0;
    dot = host.indexOf('.', dot + 1)
  ) {
    const domain = host.slice(dot + 1);
    for (const service of domain ? servicesOfDomain(place, domain) : []) {
      if (
        service.registry === 'kubernetes' &&
        service.resolution === 'passthrough'
      ) {
        found.push({ domain, service });
      }
    }
  }
  return found;
}

/** Who has a domain: the first table in order with routes for this client, else the service by itself. */
function claimDomain(
  place: MeshPortView,
  domain: string,
  services: readonly MeshService[],
): MeshVirtualHost | undefined {
  const served = services.filter(service => isHttpOn(service, place.port));
  const attached = new Map(
    served.map(service => [service, tablesAttachedTo(place, service)]),
  );
  const isService = servicesOnPort(place, domain).length > 0;
  const naming = isService ? [] : tablesNaming(place, domain);
  const empty: MeshVirtualHost['empty'] = [];
  for (const table of inClaimOrder(place, [
    ...[...attached.values()].flat(),
    ...naming,
  ])) {
    const service = served.find(
      candidate =>
        attached.get(candidate)?.includes(table) &&
        isServedBy(place, table, candidate),
    );
    if (service || (naming.includes(table) && opensHosts(place, table))) {
      const { routes, passedOver } = tableRoutes(table, {
        view: place.view,
        gateway: MESH_GATEWAY,
        port: place.port,
      });
      if (routes.length > 0) {
        const found = { domain, table, routes, passedOver, empty };
        return service ? { ...found, service } : found;
      }
      empty.push({ table, passedOver });
    }
  }
  const [service] = served;
  return service && { domain, service, routes: [], passedOver: [], empty };
}
