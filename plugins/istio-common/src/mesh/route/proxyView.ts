import { memoizeByIdentity } from '../../resources/memoize';
import { Labels } from '../../resources/selector';
import { MeshSnapshot } from '../../snapshot/types';
import { MeshDefaults, meshDefaults } from './meshDefaults';
import { MeshService, portOf, ServiceList } from './serviceModel';
import {
  indexedService,
  ServiceRegistry,
  serviceRegistry,
} from './serviceRegistry';
import {
  EgressListener,
  gatewayScope,
  importsService,
  SidecarScope,
  sidecarScope,
} from './sidecarScope';
import { TableIndex, tableIndex } from './tableIndex';

/** One proxy and what its configuration is made from. */
export interface ProxyView {
  snapshot: MeshSnapshot;
  kind: 'sidecar' | 'gateway';
  namespace: string;
  labels: Labels;
  scope: SidecarScope;
  registry: ServiceRegistry;
  tables: TableIndex;
  defaults: MeshDefaults;
  /** `REGISTRY_ONLY` refuses hosts nobody declared. */
  outboundMode: string;
}

/** Looked up once per snapshot: many questions are asked of one. */
const indexesOf = memoizeByIdentity((snapshot: MeshSnapshot) => ({
  registry: serviceRegistry(snapshot),
  tables: tableIndex(snapshot),
  defaults: meshDefaults(snapshot),
}));

/** The proxy of a workload, or of a gateway. */
export function proxyView(
  snapshot: MeshSnapshot,
  proxy: Pick<ProxyView, 'kind' | 'namespace' | 'labels'>,
): ProxyView {
  const scope =
    proxy.kind === 'gateway' ? gatewayScope() : sidecarScope(snapshot, proxy);
  const indexes = indexesOf(snapshot);
  return {
    snapshot,
    ...proxy,
    ...indexes,
    scope,
    outboundMode: scope.outboundMode ?? indexes.defaults.outboundMode,
  };
}

/**
 * The egress listener that serves a port: the one that names it, else the one without port.
 *
 * Source: istio/istio pilot/pkg/model SidecarScope.GetEgressListenerForRDS (1.31).
 */
export function egressListenerFor(
  view: ProxyView,
  port: number,
): EgressListener | undefined {
  return view.scope.listeners.find(
    listener => listener.port === undefined || listener.port.number === port,
  );
}

/**
 * What a listener imports of one host. Of several namespaces one is chosen: the client's own, then that
 * of a Kubernetes Service, then the oldest.
 *
 * Source: istio/istio pilot/pkg/model IstioEgressListenerWrapper.selectServices (1.31).
 */
export function importedServices(
  view: ProxyView,
  listener: EgressListener,
  host: string,
): MeshService[] {
  const list = view.registry.byHost.get(host);
  return list ? chooseNamespace(view, listener, list) : [];
}

function chooseNamespace(
  view: ProxyView,
  listener: EgressListener,
  list: ServiceList,
): MeshService[] {
  const imported: MeshService[] = [];
  let chosen: MeshService | undefined;
  for (const service of seenThrough(view, listener, list)) {
    const trimmed =
      importsService(listener, service) && isFound(view, listener, service)
        ? trimToPort(service, listener)
        : undefined;
    if (trimmed) {
      imported.push(trimmed);
      if (!chosen || isPreferred(trimmed, chosen, view.namespace)) {
        chosen = trimmed;
      }
    }
  }
  return imported.filter(({ namespace }) => namespace === chosen?.namespace);
}

/**
 * Services in the order in which a listener comes upon them: by who sees them, then by age; where it names
 * each of them in full, by age alone.
 *
 * Source: istio/istio pilot/pkg/model PushContext.servicesExportedToNamespace, servicesForExactHosts (1.31).
 */
export function seenThrough(
  { namespace }: Pick<ProxyView, 'namespace'>,
  listener: EgressListener,
  list: ServiceList | undefined,
): Iterable<MeshService> {
  if (!list) {
    return [];
  }
  return listener.exactOnly
    ? list.oldestFirst(namespace)
    : list.seenBy(namespace);
}

/** A listener that names its hosts in full looks them up, and finds one service for each. */
function isFound(
  { registry }: ProxyView,
  listener: EgressListener,
  service: MeshService,
): boolean {
  return (
    !listener.exactOnly ||
    indexedService(registry, service.host, service.namespace)?.object ===
      service.object
  );
}

function isPreferred(
  service: MeshService,
  chosen: MeshService,
  own: string,
): boolean {
  return (
    service.namespace === own ||
    (chosen.namespace !== own &&
      chosen.registry !== 'kubernetes' &&
      service.registry === 'kubernetes')
  );
}

/** A listener on a port of its own imports services for that port only. */
function trimToPort(
  service: MeshService,
  listener: EgressListener,
): MeshService | undefined {
  const { port } = listener;
  if (port === undefined || port.protocol === 'http_proxy') {
    return service;
  }
  const found = portOf(service, port.number);
  return found && { ...service, ports: [found] };
}

/** Whether the listener imports exactly this service, and no other takes its host from it. */
export function isImported(
  view: ProxyView,
  listener: EgressListener,
  service: MeshService,
): boolean {
  return (
    importsService(listener, service) &&
    importedServices(view, listener, service.host).some(
      ({ object }) => object === service.object,
    )
  );
}
