import { domainTakes, hostsOverlap, isWildcard } from './hostPatterns';
import {
  isHttpOn,
  MeshPortView,
  scanPort,
  servicesOnPort,
} from './meshDomains';
import { MeshService } from './serviceModel';
import { importsTable } from './sidecarScope';
import { compareTables } from './tableIndex';
import { visibilityRank } from './visibility';
import { RouteTable } from './routeTable';

/** Port on which hosts without a service get routes too. */
const OPEN_PORT = 80;

/** Whether the client sees the table through this listener. */
export function isTableImported(
  place: MeshPortView,
  table: RouteTable,
): boolean {
  return (
    rankOf(place, table) !== undefined && importsTable(place.listener, table)
  );
}

function rankOf(place: MeshPortView, table: RouteTable): number | undefined {
  return visibilityRank(table.visibility, {
    from: table.namespace,
    to: place.view.namespace,
  });
}

/**
 * Tables in the order in which they claim a host: private ones, those exported to the client's
 * namespace, public ones; Gateway API routes of the client's namespace first within each; then by age.
 *
 * Source: istio/istio pilot/pkg/model SelectVirtualServices (1.31).
 */
export function inClaimOrder(
  place: MeshPortView,
  tables: Iterable<RouteTable>,
): RouteTable[] {
  const own = place.view.namespace;
  const consumer = (table: RouteTable) =>
    Number(table.gatewayApi && table.namespace === own);
  return [...new Set(tables)]
    .filter(table => isTableImported(place, table))
    .sort(
      (a, b) =>
        (rankOf(place, a) ?? 0) - (rankOf(place, b) ?? 0) ||
        consumer(b) - consumer(a) ||
        compareTables(a, b),
    );
}

/** Imported tables that name the host itself, in the order they claim it. */
export function tablesNaming(place: MeshPortView, host: string): RouteTable[] {
  const { meshByHost, meshWildcards } = place.view.tables;
  return inClaimOrder(
    place,
    isWildcard(host)
      ? meshWildcards
          .filter(({ pattern }) => pattern === host)
          .map(({ table }) => table)
      : meshByHost.get(host) ?? [],
  );
}

/**
 * The tables attached to a service, in the order they claim it: those that name it; where none does, the
 * one with the longest wildcard that covers it.
 *
 * Source: istio/istio pilot/pkg/model computeWildcardHostVirtualServiceIndex (1.31).
 */
export function tablesAttachedTo(
  place: MeshPortView,
  service: MeshService,
): RouteTable[] {
  const naming = tablesNaming(place, service.host);
  if (naming.length > 0) {
    // Of wildcard hosts only the first table in order keeps the service.
    return isWildcard(service.host) ? naming.slice(0, 1) : naming;
  }
  const needle = isWildcard(service.host)
    ? service.host.slice(1)
    : service.host;
  const covering = place.view.tables.meshWildcards
    .filter(({ pattern }) => needle.endsWith(pattern.slice(1)))
    .sort((a, b) => b.pattern.length - a.pattern.length);
  for (const { pattern } of covering) {
    const [first] = tablesNaming(place, pattern);
    if (first) {
      return first.gatewayApi ? [] : [first];
    }
  }
  return [];
}

/**
 * Whether a table makes virtual hosts on the port for hosts that are no service there: on port 80
 * always, elsewhere as a companion of a service of the same table.
 *
 * Source: istio/istio pilot/pkg/networking/core selectVirtualServices, route
 * buildSidecarVirtualHostsForVirtualService (1.31).
 */
export function opensHosts(place: MeshPortView, table: RouteTable): boolean {
  if (table.gatewayApi) {
    return hasService(place, table);
  }
  return place.port === OPEN_PORT || hasService(place, table);
}

function hasService(place: MeshPortView, table: RouteTable): boolean {
  return table.hosts.some(host => {
    if (!isWildcard(host)) {
      return servicesOnPort(place, host).some(
        service =>
          isHttpOn(service, place.port) && isServedBy(place, table, service),
      );
    }
    for (const service of scanPort(place, name => hostsOverlap(name, host))) {
      if (
        isHttpOn(service, place.port) &&
        tablesAttachedTo(place, service).includes(table)
      ) {
        return true;
      }
    }
    return false;
  });
}

/** Gateway API routes serve the service's own namespace's clients, or their own namespace's. */
export function isServedBy(
  place: MeshPortView,
  table: RouteTable,
  service: MeshService,
): boolean {
  return (
    !table.gatewayApi ||
    service.namespace === table.namespace ||
    place.view.namespace === table.namespace
  );
}

/** Wildcard hosts of tables that are a domain of their own, since no service on the port has such a name; longest first. */
export function openWildcards(place: MeshPortView, host: string): string[] {
  const patterns = new Set(
    place.view.tables.meshWildcards
      .map(({ pattern }) => pattern)
      .filter(pattern => domainTakes(pattern, host)),
  );
  return [...patterns].filter(pattern => {
    for (const _service of scanPort(place, name =>
      hostsOverlap(name, pattern),
    )) {
      return false;
    }
    return true;
  });
}
