import { ProxyView, importedServices } from './proxyView';
import {
  compareServices,
  isVisible,
  MeshService,
  portOf,
} from './serviceModel';
import { indexedService } from './serviceRegistry';
import { EgressListener, importsTable } from './sidecarScope';
import { visibilityRank } from './visibility';
import { RouteTable } from './routeTable';

/**
 * The service a proxy has clusters for under a host: imported by its egress listeners, or sent to by a
 * VirtualService that they import. Undefined: the proxy knows no such host.
 *
 * Source: istio/istio pilot/pkg/model SidecarScope.collectImportedServices, appendSidecarServices (1.31).
 */
export function scopeService(
  view: ProxyView,
  host: string,
): MeshService | undefined {
  let found: MeshService | undefined;
  for (const listener of view.scope.listeners) {
    for (const service of importedServices(view, listener, host)) {
      found = mergeService(found, service);
    }
    for (const table of sendersTo(view, listener, host)) {
      const inferred = inferService(view, listener, table, host);
      found = inferred ? mergeService(found, inferred) : found;
    }
  }
  return found;
}

/** Imported tables that send to the host; they matter only where a Sidecar narrows what is imported, or hides it. */
function sendersTo(
  view: ProxyView,
  listener: EgressListener,
  host: string,
): RouteTable[] {
  return (view.tables.meshByDestination.get(host) ?? []).filter(
    table =>
      visibilityRank(table.visibility, {
        from: table.namespace,
        to: view.namespace,
      }) !== undefined && importsTable(listener, table),
  );
}

function inferService(
  view: ProxyView,
  listener: EgressListener,
  table: RouteTable,
  host: string,
): MeshService | undefined {
  const ports = portsSentTo(view, table, host);
  if (!ports) {
    return undefined;
  }
  const service = pickService(view, host);
  if (!service) {
    return undefined;
  }
  const { port } = listener;
  const wanted =
    port && port.protocol !== 'http_proxy' ? new Set([port.number]) : ports;
  if (wanted.size === 0 || wanted.has(0)) {
    return service;
  }
  const kept = service.ports.filter(({ number }) => wanted.has(number));
  return kept.length > 0 ? { ...service, ports: kept } : undefined;
}

/** Ports of the host that the table's rules name, 0 for a destination without; undefined: no rule for this namespace. */
function portsSentTo(
  view: ProxyView,
  table: RouteTable,
  host: string,
): Set<number> | undefined {
  const destinations = [
    ...table.http
      .filter(rule => {
        const named = rule.matches.flatMap(
          ({ sourceNamespace }) => sourceNamespace ?? [],
        );
        return named.length === 0 || named.includes(view.namespace);
      })
      .flatMap(rule => [...rule.destinations, ...rule.mirrors]),
    ...[...table.tcp, ...table.tls].flatMap(rule => rule.destinations),
  ].filter(destination => destination.host === host);
  return destinations.length > 0
    ? new Set(destinations.map(({ port }) => port ?? 0))
    : undefined;
}

/**
 * The host in the client's namespace, whoever it is exported to; else of the namespaces that offer it to
 * the client Kubernetes' own, then the oldest.
 */
function pickService(view: ProxyView, host: string): MeshService | undefined {
  const { registry, namespace } = view;
  const namespaces = new Set(
    registry.allByHost.get(host).map(service => service.namespace),
  );
  if (namespaces.has(namespace)) {
    return indexedService(registry, host, namespace);
  }
  const visible = [...namespaces]
    .flatMap(place => indexedService(registry, host, place) ?? [])
    .filter(service => isVisible(service, namespace))
    .sort(compareServices);
  return (
    visible.find(service => service.registry === 'kubernetes') ?? visible[0]
  );
}

function mergeService(
  existing: MeshService | undefined,
  added: MeshService,
): MeshService {
  if (!existing) {
    return added;
  }
  if (existing.registry !== added.registry) {
    return added.registry === 'kubernetes' ? added : existing;
  }
  const missing = added.ports.filter(({ number }) => !portOf(existing, number));
  const mergeable =
    existing.namespace === added.namespace &&
    existing.resolution === added.resolution &&
    sameMap(existing.labels, added.labels) &&
    sameMap(existing.selector ?? {}, added.selector ?? {}) &&
    existing.declaredExportTo === added.declaredExportTo;
  return missing.length > 0 && mergeable
    ? { ...existing, ports: [...existing.ports, ...missing] }
    : existing;
}

function sameMap(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => a[key] === b[key])
  );
}
