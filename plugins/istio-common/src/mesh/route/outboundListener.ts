import {
  chainsConflict,
  Connection,
  FilterChain,
  httpChain,
  tcpChains,
} from './filterChains';
import { hostsOverlap, isCovered } from './hostPatterns';
import { isHttp, PortProtocol } from './protocol';
import { isHeadless } from './dial';
import { isImported, ProxyView, seenThrough } from './proxyView';
import { compareServices, MeshService, portOf } from './serviceModel';
import { EgressListener } from './sidecarScope';

/** Listens on every address. */
const ANY = '*';

/** A listener of a client's proxy on one address and port. */
export interface OutboundListener {
  kind: 'http' | 'tcp' | 'detected';
  protocol: PortProtocol;
  egress: EgressListener;
  chains: FilterChain[];
}

/** A service on a port, as it asks for a listener. */
interface Contribution {
  egress: EgressListener;
  service: MeshService;
  protocol: PortProtocol;
  address: string;
}

/**
 * The listener a connection arrives at: that of the address, else the port's shared one. Undefined:
 * nobody listens, the destination is unknown.
 *
 * Source: istio/istio pilot/pkg/networking/core buildSidecarOutboundListeners (1.31).
 */
export function findOutboundListener(
  view: ProxyView,
  port: number,
  connection: Pick<Connection, 'address' | 'sni'>,
): OutboundListener | undefined {
  const { address, sni } = connection;
  const own =
    address === undefined
      ? undefined
      : buildListener(view, { port, address, sni });
  return own ?? buildListener(view, { port, address: ANY, sni });
}

function buildListener(
  view: ProxyView,
  options: Pick<Place, 'port' | 'address' | 'sni'>,
): OutboundListener | undefined {
  const { port } = options;
  let listener: OutboundListener | undefined;
  for (const egress of view.scope.listeners) {
    if (egress.port === undefined) {
      // A port that an earlier egress listener names is not opened any further.
      return (
        listener ?? fold(view, port, catchAll({ view, egress, ...options }))
      );
    }
    if (egress.port.number === port) {
      listener = fold(
        view,
        port,
        declared({ view, egress, ...options }),
        listener,
      );
    }
  }
  return listener;
}

interface Place {
  view: ProxyView;
  egress: EgressListener;
  port: number;
  address: string;
  /** Server name of the connection: TLS services of other names need not be looked at. */
  sni: string;
}

/** An egress listener on a port of its own: its protocol counts, not the services'. */
function* declared(place: Place): Generator<Contribution> {
  const { view, egress, port, address } = place;
  const protocol = egress.port?.protocol ?? 'auto';
  for (const service of seenThrough(
    view,
    egress,
    view.registry.byPort.get(port),
  )) {
    if (
      bindOf(egress, service, protocol) === address &&
      isImported(view, egress, service)
    ) {
      yield { egress, service, protocol, address };
    }
  }
}

/** All ports of imported services; of those served by the shared HTTP listener one is enough. */
function* catchAll(place: Place): Generator<Contribution> {
  const { view, egress, port, address } = place;
  const candidates =
    address === ANY && egress.bind === undefined
      ? sharedServices(place)
      : seenThrough(view, egress, view.registry.byAddress.get(address));
  for (const service of candidates) {
    const protocol = portOf(service, port)?.protocol;
    if (
      protocol !== undefined &&
      bindOf(egress, service, protocol) === address &&
      !isDialledByInstance(view, service, port) &&
      isImported(view, egress, service)
    ) {
      yield { egress, service, protocol, address };
    }
  }
}

/**
 * A ServiceEntry that resolves nothing has the shared listener of its port only while nothing under its
 * host and namespace has endpoints on the port: those get listeners of their own.
 */
function isDialledByInstance(
  { registry }: ProxyView,
  service: MeshService,
  port: number,
): boolean {
  const protocol = portOf(service, port)?.protocol ?? 'auto';
  return (
    service.registry === 'external' &&
    service.resolution === 'passthrough' &&
    service.addresses.length === 0 &&
    service.cidr === undefined &&
    !isHttp(protocol) &&
    (service.selector !== undefined ||
      registry.allByHost
        .get(service.host)
        .some(
          other =>
            other.namespace === service.namespace &&
            other.hasEndpoints &&
            portOf(other, port),
        ))
  );
}

/** Services without an address of their own, and the first HTTP one, in the order they are seen. */
function sharedServices(place: Place): MeshService[] {
  const { view, egress, port } = place;
  const shared = openServices(place);
  for (const service of seenThrough(
    view,
    egress,
    view.registry.byPort.get(port),
  )) {
    const protocol = portOf(service, port)?.protocol;
    if (
      protocol !== undefined &&
      isHttp(protocol) &&
      service.resolution !== 'alias' &&
      isImported(view, egress, service)
    ) {
      shared.push(service);
      break;
    }
  }
  const rank = ({ visibility }: MeshService) =>
    Number(!egress.exactOnly && visibility === 'public');
  return [...new Set(shared)].sort(
    (a, b) => rank(a) - rank(b) || compareServices(a, b),
  );
}

/**
 * Services without an address on the port: the first one, those that are not told apart by server name,
 * and of the others those that this connection's name may lead to, by their own or by a route's.
 */
function openServices({ view, egress, port, sni }: Place): MeshService[] {
  const { registry, tables } = view;
  const open = registry.openByPort.get(port);
  const found: MeshService[] = [];
  for (const service of seenThrough(view, egress, open?.any)) {
    if (isImported(view, egress, service)) {
      found.push(service);
      break;
    }
  }
  found.push(...seenThrough(view, egress, open?.unnamed));
  if (!open) {
    return found;
  }
  for (const service of seenThrough(view, egress, open.named)) {
    if (
      isCovered(sni, service.host) ||
      tables.meshTlsHosts.exact.has(service.host) ||
      tables.meshTlsHosts.wildcards.some(host =>
        hostsOverlap(host, service.host),
      )
    ) {
      found.push(service);
    }
  }
  return found;
}

/** HTTP shares one listener per port; others listen on the service's address. */
function bindOf(
  egress: EgressListener,
  service: MeshService,
  protocol: PortProtocol,
): string | undefined {
  if (egress.bind !== undefined) {
    return egress.bind;
  }
  if (egress.bound) {
    return '127.0.0.1';
  }
  if (protocol === 'udp' || service.resolution === 'alias') {
    return undefined;
  }
  if (isHttp(protocol)) {
    return ANY;
  }
  // Each pod of a headless Service gets a listener of its own: see `headlessListener`.
  return egress.port === undefined && isHeadless(service)
    ? undefined
    : service.addresses[0] ?? ANY;
}

/** A headless Service that is not HTTP: a listener per pod, on the pod's address. */
export function headlessListener(
  view: ProxyView,
  port: number,
  service: MeshService,
): OutboundListener | undefined {
  const protocol = portOf(service, port)?.protocol;
  const egress = view.scope.listeners.find(
    listener => listener.port === undefined || listener.port.number === port,
  );
  if (protocol === undefined || !egress || isHttp(protocol)) {
    return undefined;
  }
  // A service that is only sent to by a route has clusters and no listener.
  if (!isImported(view, egress, service)) return undefined;
  return fold(view, port, [{ egress, service, protocol, address: 'pod' }]);
}

/**
 * Puts services together in one listener: HTTP beside TCP means that the proxy looks at the first bytes;
 * MySQL and MongoDB never share a port, since their servers speak first.
 */
function fold(
  view: ProxyView,
  port: number,
  contributions: Iterable<Contribution>,
  before?: OutboundListener,
): OutboundListener | undefined {
  let listener = before;
  for (const contribution of contributions) {
    if (contribution.protocol === 'udp') {
      continue;
    }
    if (!listener) {
      listener = create(view, port, contribution);
    } else if (!serverFirstConflict(listener.protocol, contribution.protocol)) {
      listener = extend(view, port, listener, contribution);
    }
  }
  return listener;
}

function serverFirstConflict(a: PortProtocol, b: PortProtocol): boolean {
  const serverFirst = (protocol: PortProtocol) =>
    protocol === 'mongo' || protocol === 'mysql';
  return a !== b && (serverFirst(a) || serverFirst(b));
}

function create(
  view: ProxyView,
  port: number,
  contribution: Contribution,
): OutboundListener {
  const { egress, protocol, address } = contribution;
  const chains = chainsOf(view, port, contribution);
  if (isHttp(protocol)) {
    const shared = address === ANY && protocol !== 'http_proxy';
    return {
      kind: shared ? 'detected' : 'http',
      protocol: shared ? 'auto' : protocol,
      egress,
      chains,
    };
  }
  return {
    kind: protocol === 'auto' ? 'detected' : 'tcp',
    protocol,
    egress,
    chains,
  };
}

function extend(
  view: ProxyView,
  port: number,
  listener: OutboundListener,
  contribution: Contribution,
): OutboundListener {
  const { protocol } = contribution;
  const tcp = !isHttp(protocol) && protocol !== 'auto';
  if (!tcp && listener.kind === 'detected') {
    return listener;
  }
  if (isHttp(protocol) && listener.kind === 'http') {
    return listener;
  }
  if (protocol === 'auto' && listener.kind === 'http') {
    return create(view, port, contribution);
  }
  const merged = [...listener.chains];
  for (const chain of chainsOf(view, port, contribution)) {
    if (!merged.some(existing => chainsConflict(existing, chain))) {
      merged.push(chain);
    }
  }
  const kind = tcp && listener.kind === 'tcp' ? 'tcp' : 'detected';
  return {
    ...listener,
    kind,
    protocol: kind === 'tcp' ? listener.protocol : 'auto',
    chains: merged,
  };
}

function chainsOf(
  view: ProxyView,
  port: number,
  contribution: Contribution,
): FilterChain[] {
  const { egress, service, protocol, address } = contribution;
  if (isHttp(protocol)) {
    const inspected = address === ANY && protocol !== 'http_proxy';
    return [httpChain({ inspected })];
  }
  const place = { view, listener: egress, port };
  const tcp = tcpChains(place, service, protocol);
  if (protocol !== 'auto') {
    return tcp;
  }
  return [
    ...tcp,
    httpChain(
      address === ANY
        ? { inspected: true }
        : { inspected: true, onlyHost: service.host },
    ),
  ];
}
