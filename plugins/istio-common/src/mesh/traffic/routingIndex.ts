import { readDestinationRule } from '../../resources/destinationRule';
import { fieldsOf, textsOf } from '../../resources/fields';
import { resolveHost } from '../../resources/host';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import type { KindName } from '../../resources/kinds';
import { memoizeByIdentity } from '../../resources/memoize';
import { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import { MeshSnapshot } from '../../snapshot/types';
import { isWildcard } from '../route/hostPatterns';
import { indexLists } from '../route/indexLists';

/** Routing objects by the host they are about, so that one component does not read all of them. */
export interface HostIndex {
  /** Objects that name exactly this host. */
  exact(host: string): readonly KubeObject[];
  /** Objects with wildcard hosts, each with its pattern. */
  wildcards: readonly { pattern: string; object: KubeObject }[];
}

/** All with a wildcard are in one list. */
const ANY_WILDCARD = '*';

/** An index of objects by hosts that they name, each once. */
function indexHosts(
  hostsOf: (object: KubeObject, domain: string) => readonly string[],
): (objects: readonly KubeObject[], domain: string) => HostIndex {
  const index = indexLists<KubeObject>({
    entriesFor: domain => (object, put) => {
      let isWide = false;
      for (const host of hostsOf(object, domain)) {
        if (!isWildcard(host)) {
          put(host, object);
        } else if (!isWide) {
          isWide = true;
          put(ANY_WILDCARD, object);
        }
      }
    },
  });
  const wildcardsOf = memoizeByIdentity((objects: readonly KubeObject[]) => {
    const byDomain = new Map<string, HostIndex['wildcards']>();
    return (domain: string) => {
      const known = byDomain.get(domain);
      if (known) return known;
      const wildcards = objects.flatMap(object =>
        hostsOf(object, domain)
          .filter(isWildcard)
          .map(pattern => ({ pattern, object })),
      );
      byDomain.set(domain, wildcards);
      return wildcards;
    };
  });
  return (objects, domain) => {
    const byHost = index([objects], domain);
    return {
      exact: host => byHost.get(host),
      wildcards: wildcardsOf(byHost.get(ANY_WILDCARD))(domain),
    };
  };
}

/** Hosts that an object names, resolved, each once; of most objects nothing changed when an index is built anew. */
function resolvedHosts(
  written: (object: KubeObject) => readonly string[],
): (object: KubeObject, domain: string) => readonly string[] {
  const resolve = memoizeByIdentity((object: KubeObject) => {
    let known: { domain: string; hosts: readonly string[] } | undefined;
    return (domain: string): readonly string[] => {
      if (known?.domain !== domain) {
        const namespace = object.metadata.namespace ?? '';
        const hosts = written(object).map(host =>
          resolveHost(host, { namespace, domain }),
        );
        known = { domain, hosts: eachOnce(hosts) };
      }
      return known.hosts;
    };
  });
  return (object, domain) => resolve(object)(domain);
}

function eachOnce(hosts: readonly string[]): readonly string[] {
  return hosts.length < 2 ? hosts : [...new Set(hosts)];
}

const byOwnHost = indexHosts(
  resolvedHosts(object => textsOf(fieldsOf(object.spec).hosts)),
);
const byRuleHost = indexHosts(
  resolvedHosts(object => [readDestinationRule(object).host]),
);
const byDestination = indexHosts(
  resolvedHosts(object =>
    readVirtualService(object).rules.flatMap(({ destinations }) =>
      destinations.map(({ host }) => host),
    ),
  ),
);

/** VirtualServices by their hosts, and by the hosts they send to. */
export function virtualServices(snapshot: MeshSnapshot): {
  hosts: HostIndex;
  destinations: HostIndex;
} {
  const { domain } = snapshot;
  const objects = snapshot.list('VirtualService');
  return {
    hosts: byOwnHost(objects, domain),
    get destinations() {
      return byDestination(objects, domain);
    },
  };
}

/** DestinationRules by their host. */
export function destinationRules(snapshot: MeshSnapshot): HostIndex {
  return byRuleHost(snapshot.list('DestinationRule'), snapshot.domain);
}

const byParent = indexHosts(object =>
  eachOnce(
    readGatewayApiRoute(object).parents.flatMap(({ kind, namespace, name }) =>
      kind === 'Service' ? [`${namespace}/${name}`] : [],
    ),
  ),
);
const byBackend = indexHosts(object =>
  eachOnce(
    readGatewayApiRoute(object).rules.flatMap(({ backends }) =>
      backends.map(({ namespace, name }) => `${namespace}/${name}`),
    ),
  ),
);

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
  const find = (index: typeof byParent) =>
    kinds.flatMap(kind =>
      index(snapshot.list(kind), snapshot.domain).exact(key),
    );
  return { parents: find(byParent), backends: find(byBackend) };
}
