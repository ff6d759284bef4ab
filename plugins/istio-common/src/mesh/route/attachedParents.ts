import {
  Fields,
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import { compareText } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import { MESH_GATEWAY } from '../../resources/virtualService';
import { GatewayServer } from './gatewayServerModel';
import { hostsOverlap, isCovered, isWildcard } from './hostPatterns';

const GROUP = 'gateway.networking.k8s.io';

/** A parent that accepted a route. */
export interface AttachedParent {
  /** `mesh`, or the internal name of the listener. */
  gateway: string;
  /** For the mesh: hosts of the Service or ServiceEntry. */
  meshHosts?: readonly string[];
  /** For the mesh: the parentRef's port. */
  port?: number;
  /** For a listener: its hostname, empty for any. */
  hostname: string;
  /** Hostnames of other listeners on the same port and protocol. */
  banned: readonly string[];
}

/** What parents are looked up in. */
export interface ParentContext {
  domain: string;
  /** Listeners by `namespace/name` of their Gateway. */
  listeners: ReadonlyMap<string, readonly GatewayServer[]>;
  /** By `namespace/name`. */
  services: ReadonlySet<string>;
  /** Hosts by `namespace/name`. */
  serviceEntries: ReadonlyMap<string, readonly string[]>;
}

/**
 * The parents a route is attached to, in the order Istio reads them.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway extractParentReferenceInfo, referenceAllowed (1.31).
 */
export function attachedParents(
  route: KubeObject,
  context: ParentContext,
): AttachedParent[] {
  const parents = fieldsListOf(fieldsOf(route.spec).parentRefs)
    .map(ref => ({ ref, sortKey: sortKeyOf(ref, route) }))
    .sort((a, b) => compareText(a.sortKey, b.sortKey))
    .flatMap(({ ref }) => resolveParent(ref, route, context));
  return parents.sort((a, b) => compareText(a.gateway, b.gateway));
}

function sortKeyOf(ref: Fields, route: KubeObject): string {
  const group = typeof ref.group === 'string' ? ref.group : GROUP;
  return `${group}/${textOf(ref.kind) ?? 'Gateway'}/${textOf(ref.name) ?? ''}/${
    textOf(ref.sectionName) ?? ''
  }/${numberOf(ref.port) ?? 0}.${
    textOf(ref.namespace) ?? route.metadata.namespace ?? ''
  }`;
}

function resolveParent(
  ref: Fields,
  route: KubeObject,
  context: ParentContext,
): AttachedParent[] {
  const group = typeof ref.group === 'string' ? ref.group : GROUP;
  const kind = textOf(ref.kind) ?? 'Gateway';
  const name = textOf(ref.name) ?? '';
  const namespace = textOf(ref.namespace) ?? route.metadata.namespace ?? '';
  const key = `${namespace}/${name}`;
  if (kind === 'Service' && group === '') {
    const host = serviceHost({ namespace, name }, context.domain);
    return context.services.has(key) ? [meshParent(ref, [host])] : [];
  }
  if (kind === 'ServiceEntry' && group === 'networking.istio.io') {
    const hosts = context.serviceEntries.get(key);
    return hosts ? [meshParent(ref, hosts)] : [];
  }
  if (kind !== 'Gateway' || group !== GROUP) {
    return [];
  }
  const listeners = context.listeners.get(key) ?? [];
  return listeners
    .filter(listener => accepts(listener, ref, route))
    .map(listener => ({
      gateway: listener.gatewayName,
      hostname: listener.listener?.hostname ?? '',
      banned: bannedHostnames(listener, listeners),
    }));
}

function meshParent(ref: Fields, hosts: readonly string[]): AttachedParent {
  const parent: AttachedParent = {
    gateway: MESH_GATEWAY,
    meshHosts: hosts,
    hostname: '',
    banned: [],
  };
  const port = numberOf(ref.port);
  return port === undefined ? parent : { ...parent, port };
}

function accepts(
  server: GatewayServer,
  ref: Fields,
  route: KubeObject,
): boolean {
  const port = numberOf(ref.port);
  const section = textOf(ref.sectionName);
  return (
    (port === undefined || port === 0 || port === server.port) &&
    (section === undefined || section === server.listener?.section) &&
    (server.listener?.kinds.includes(route.kind) ?? false) &&
    acceptsHosts(server, route)
  );
}

function acceptsHosts(server: GatewayServer, route: KubeObject): boolean {
  const written = textsOf(fieldsOf(route.spec).hostnames);
  const hostnames = written.length > 0 ? written : ['*'];
  const from = route.metadata.namespace ?? '';
  return server.hosts.some(entry => {
    const slash = entry.indexOf('/');
    const namespace = slash < 0 ? '*' : entry.slice(0, slash);
    return (
      (namespace === '*' || namespace === from) &&
      hostnames.some(host =>
        hostsOverlap(entry.slice(slash + 1), host.toLowerCase()),
      )
    );
  });
}

function bannedHostnames(
  server: GatewayServer,
  all: readonly GatewayServer[],
): string[] {
  return all
    .filter(
      other =>
        other !== server &&
        other.port === server.port &&
        other.listener?.protocol === server.listener?.protocol &&
        other.listener?.hostname !== server.listener?.hostname,
    )
    .map(other => other.listener?.hostname ?? '');
}

/**
 * A listener with a narrower hostname on the same port takes the hosts it covers from wider ones.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway hostnameAllowedByIsolation (1.31).
 */
export function isAllowedByIsolation(
  parent: AttachedParent,
  host: string,
): boolean {
  const { hostname, banned } = parent;
  if (hostname !== '' && !isWildcard(hostname)) {
    return true;
  }
  if (hostname !== '' && !hostsOverlap(host, hostname)) {
    return false;
  }
  return !banned.some(
    other => hostname.length <= other.length && isCovered(host, other),
  );
}
