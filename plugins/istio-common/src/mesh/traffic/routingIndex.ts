import { readDestinationRule } from '../../resources/destinationRule';
import { resolveHost } from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import type { KindName } from '../../resources/kinds';
import { memoizeByIdentity } from '../../resources/memoize';
import { isKind } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import { MeshSnapshot } from '../../snapshot/types';

/** Routing objects by the host they are about, so that one component does not read all of them. */
export interface HostIndex {
  /** Objects that name exactly this host. */
  exact(host: string): readonly KubeObject[];
  /** Objects with wildcard hosts, each with its pattern. */
  wildcards: readonly { pattern: string; object: KubeObject }[];
}

class HostMap implements HostIndex {
  readonly #exact = new Map<string, KubeObject[]>();
  readonly wildcards: { pattern: string; object: KubeObject }[] = [];

  add(host: string, object: KubeObject): void {
    if (host.startsWith('*')) {
      this.wildcards.push({ pattern: host, object });
      return;
    }
    const list = this.#exact.get(host);
    if (!list) {
      this.#exact.set(host, [object]);
    } else if (!list.includes(object)) {
      list.push(object);
    }
  }

  exact(host: string): readonly KubeObject[] {
    return this.#exact.get(host) ?? [];
  }
}

/** One index per list of objects: snapshots that share the list share the index. */
function perList<T>(
  build: (objects: readonly KubeObject[], domain: string) => T,
): (objects: readonly KubeObject[], domain: string) => T {
  const byList = memoizeByIdentity(
    (_objects: readonly KubeObject[]) => new Map<string, T>(),
  );
  return (objects, domain) => {
    const byDomain = byList(objects);
    const known = byDomain.get(domain);
    if (known) {
      return known;
    }
    const index = build(objects, domain);
    byDomain.set(domain, index);
    return index;
  };
}

/** The hosts that an object names, resolved; of most objects nothing changed when an index is built anew. */
interface NamedHosts {
  own: readonly string[];
  /** That it sends to; each once. */
  destinations: readonly string[];
}

const namedHosts = memoizeByIdentity((object: KubeObject) => {
  let known: { domain: string; hosts: NamedHosts } | undefined;
  return (domain: string): NamedHosts => {
    if (known?.domain !== domain) {
      const namespace = object.metadata.namespace ?? '';
      const { own, destinations } = writtenHosts(object);
      const resolve = (hosts: readonly string[]) => [
        ...new Set(hosts.map(host => resolveHost(host, { namespace, domain }))),
      ];
      known = {
        domain,
        hosts: { own: resolve(own), destinations: resolve(destinations) },
      };
    }
    return known.hosts;
  };
});

function writtenHosts(object: KubeObject): NamedHosts {
  if (isKind(object, 'DestinationRule')) {
    return { own: [readDestinationRule(object).host], destinations: [] };
  }
  const { hosts, rules } = readVirtualService(object);
  return {
    own: hosts,
    destinations: rules.flatMap(({ destinations }) =>
      destinations.map(({ host }) => host),
    ),
  };
}

const indexVirtualServices = perList((objects, domain) => {
  const hosts = new HostMap();
  const destinations = new HostMap();
  for (const object of objects) {
    const named = namedHosts(object)(domain);
    for (const host of named.own) hosts.add(host, object);
    for (const host of named.destinations) destinations.add(host, object);
  }
  return { hosts, destinations };
});

/** VirtualServices by their hosts, and by the hosts they send to. */
export function virtualServices(snapshot: MeshSnapshot): {
  hosts: HostIndex;
  destinations: HostIndex;
} {
  return indexVirtualServices(snapshot.list('VirtualService'), snapshot.domain);
}

const indexDestinationRules = perList((objects, domain) => {
  const hosts = new HostMap();
  for (const object of objects) {
    for (const host of namedHosts(object)(domain).own) hosts.add(host, object);
  }
  return hosts;
});

/** DestinationRules by their host. */
export function destinationRules(snapshot: MeshSnapshot): HostIndex {
  return indexDestinationRules(
    snapshot.list('DestinationRule'),
    snapshot.domain,
  );
}

const indexGatewayApiRoutes = perList(objects => {
  const parents = new HostMap();
  const backends = new HostMap();
  for (const object of objects) {
    const view = readGatewayApiRoute(object);
    for (const { kind, namespace, name } of view.parents) {
      if (kind === 'Service') {
        parents.add(`${namespace}/${name}`, object);
      }
    }
    for (const rule of view.rules) {
      for (const { namespace, name } of rule.backends) {
        backends.add(`${namespace}/${name}`, object);
      }
    }
  }
  return { parents, backends };
});

/** Routes that are attached to a Service (`parents`) or send to it (`backends`). */
export interface RoutesOfService {
  parents: readonly KubeObject[];
  backends: readonly KubeObject[];
}

/** HTTPRoutes and GRPCRoutes of a Service. */
export function gatewayApiRoutes(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): RoutesOfService {
  return routesOf(snapshot, service, ['HTTPRoute', 'GRPCRoute']);
}

/** TCPRoutes and TLSRoutes of a Service, which share out connections. */
export function connectionRoutes(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): RoutesOfService {
  return routesOf(snapshot, service, ['TCPRoute', 'TLSRoute']);
}

function routesOf(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
  kinds: readonly KindName[],
): RoutesOfService {
  const key = `${service.namespace}/${service.name}`;
  const indexes = kinds.map(kind =>
    indexGatewayApiRoutes(snapshot.list(kind), snapshot.domain),
  );
  return {
    parents: indexes.flatMap(({ parents }) => parents.exact(key)),
    backends: indexes.flatMap(({ backends }) => backends.exact(key)),
  };
}
