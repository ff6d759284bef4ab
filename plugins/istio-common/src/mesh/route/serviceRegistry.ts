import { memoizeByIdentity } from '../../resources/memoize';
import type { KeyedLists } from '../../snapshot/KeyedLists';
import { MeshSnapshot } from '../../snapshot/types';
import { indexLists } from './indexLists';
import { MeshDefaults, meshDefaults } from './meshDefaults';
import { isTls } from './protocol';
import { readMeshServices, type RegistrySettings } from './readMeshServices';
import {
  compareServices,
  MeshService,
  portOf,
  ServiceList,
} from './serviceModel';

/** Lists of services that are looked up; undefined: there are none. */
interface ServiceLookup<K> {
  get(key: K): ServiceList | undefined;
}

/** Istio's service registry, indexed by what routes look up. */
export interface ServiceRegistry {
  byHost: ServiceLookup<string>;
  byPort: ServiceLookup<number>;
  byAddress: ServiceLookup<string>;
  /** Services with a wildcard host, by port. */
  wildcardsByPort: ServiceLookup<number>;
  /** ServiceEntries without an address of their own, whose listener is shared by all hosts; by port. */
  openByPort: { get(port: number): OpenServices | undefined };
  /** All of one host, whoever sees them, oldest first. */
  allByHost: {
    get(host: string): readonly MeshService[];
    has(host: string): boolean;
    keys(): Iterable<string>;
  };
  /** Hosts with a star. */
  wildcardHosts: readonly string[];
  /** The host that an ExternalName Service finally stands for, by its own. */
  concreteOf: ReadonlyMap<string, string>;
}

/** Services that share a listener. */
export interface OpenServices {
  any: ServiceList;
  /** TLS without an address range: told apart by server name. */
  named: ServiceList;
  unnamed: ServiceList;
}

type ServiceIndex = ReturnType<typeof indexLists<MeshService>>;

/** Services by keys, each list oldest first. */
function indexServices(
  keysOf: (service: MeshService) => readonly string[],
): ServiceIndex {
  return indexLists({
    compare: compareServices,
    entriesFor: variant => {
      const settings = { ...JSON.parse(variant), variant } as RegistrySettings;
      return (object, put) => {
        for (const service of readMeshServices(object)(settings)) {
          for (const key of keysOf(service)) put(key, service);
        }
      };
    },
  });
}

const WILDCARD = '*';
const ALIAS = 'alias';
const PUBLIC = 'public';
const RESTRICTED = 'restricted';

/** A key with who sees the service; none where nobody does. */
function seenKeys(
  service: MeshService,
  keys: readonly (string | number)[],
): string[] {
  const { visibility } = service;
  if (visibility === 'none') return [];
  const seen = visibility === 'public' ? PUBLIC : RESTRICTED;
  return keys.map(key => `${seen} ${key}`);
}

function portsOf({ ports }: MeshService): number[] {
  return ports.length === 1
    ? [ports[0].number]
    : [...new Set(ports.map(({ number }) => number))];
}

function isNamed(service: MeshService, port: number): boolean {
  const protocol = portOf(service, port)?.protocol ?? 'auto';
  return isTls(protocol) && service.cidr === undefined;
}

const hostIndex = indexServices(({ host }) => [host]);
const portIndex = indexServices(service => seenKeys(service, portsOf(service)));
const addressIndex = indexServices(service =>
  seenKeys(service, service.addresses),
);
const wildcardIndex = indexServices(service =>
  service.host.startsWith('*')
    ? [WILDCARD, ...seenKeys(service, portsOf(service))]
    : [],
);
const openIndex = indexServices(service =>
  service.registry === 'external' && service.addresses.length === 0
    ? seenKeys(
        service,
        portsOf(service).flatMap(port => [
          `any ${port}`,
          `${isNamed(service, port) ? 'named' : 'unnamed'} ${port}`,
        ]),
      )
    : [],
);
const aliasIndex = indexServices(({ aliasOf }) =>
  aliasOf === undefined ? [] : [ALIAS],
);

const registryOf = memoizeByIdentity(
  (snapshot: MeshSnapshot): ServiceRegistry => {
    const { serviceExportTo }: MeshDefaults = meshDefaults(snapshot);
    const lists = [snapshot.list('Service'), snapshot.list('ServiceEntry')];
    const variant = JSON.stringify({
      domain: snapshot.domain,
      exportTo: serviceExportTo,
    });
    const of = (index: ServiceIndex) => later(() => index(lists, variant));
    const hosts = hostIndex(lists, variant);
    const wildcards = of(wildcardIndex);
    const aliases = later(() =>
      resolveAliases(aliasIndex(lists, variant).get(ALIAS)),
    );
    return {
      byHost: { get: host => seenOf(hosts.get(host)) },
      byPort: lookUp(of(portIndex)),
      byAddress: lookUp(of(addressIndex)),
      wildcardsByPort: lookUp(wildcards),
      openByPort: lookUpOpen(of(openIndex)),
      allByHost: hosts,
      wildcardHosts: [
        ...new Set(
          wildcards()
            .get(WILDCARD)
            .map(({ host }) => host),
        ),
      ],
      get concreteOf() {
        return aliases();
      },
    };
  },
);

/** Made when it is first asked for: few questions need all of the indexes. */
function later<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const NO_SERVICES = new ServiceList([], []);

function lookUp(
  index: () => KeyedLists<MeshService>,
): ServiceLookup<string | number> {
  return { get: key => listFor(index(), key) };
}

function lookUpOpen(
  index: () => KeyedLists<MeshService>,
): ServiceRegistry['openByPort'] {
  return {
    get: port => {
      const of = (name: string) => listFor(index(), `${name} ${port}`);
      const any = of('any');
      return (
        any && {
          any,
          named: of('named') ?? NO_SERVICES,
          unnamed: of('unnamed') ?? NO_SERVICES,
        }
      );
    },
  };
}

function listFor(
  index: KeyedLists<MeshService>,
  key: string | number,
): ServiceList | undefined {
  const restricted = index.get(`${RESTRICTED} ${key}`);
  const everyones = index.get(`${PUBLIC} ${key}`);
  return restricted.length + everyones.length === 0
    ? undefined
    : new ServiceList(restricted, everyones);
}

function seenOf(all: readonly MeshService[]): ServiceList | undefined {
  const restricted = all.filter(
    ({ visibility }) => visibility !== 'public' && visibility !== 'none',
  );
  const everyones = all.filter(({ visibility }) => visibility === 'public');
  return restricted.length + everyones.length === 0
    ? undefined
    : new ServiceList(restricted, everyones);
}

/**
 * The service registry of a cluster: Services, and the hosts of ServiceEntries.
 *
 * Source: istio/istio pilot/pkg/serviceregistry kube ConvertService, serviceentry convertServices (1.31).
 */
export function serviceRegistry(snapshot: MeshSnapshot): ServiceRegistry {
  return registryOf(snapshot);
}

/**
 * The one service of a host and namespace that Istio finds by these two: Kubernetes' own, else the oldest,
 * whether anybody sees it or not.
 *
 * Source: istio/istio pilot/pkg/model PushContext.initServiceRegistry, HostnameAndNamespace (1.31).
 */
export function indexedService(
  { allByHost }: ServiceRegistry,
  host: string,
  namespace: string,
): MeshService | undefined {
  const all = allByHost
    .get(host)
    .filter(service => service.namespace === namespace);
  return all.find(({ registry }) => registry === 'kubernetes') ?? all[0];
}

/** An alias of an alias stands for the last one; a circle stands for nothing. */
function resolveAliases(all: readonly MeshService[]): Map<string, string> {
  const aliases = new Map(
    all.flatMap(({ host, aliasOf }) =>
      aliasOf === undefined ? [] : [[host, aliasOf] as const],
    ),
  );
  const result = new Map<string, string>();
  for (const alias of aliases.keys()) {
    const seen = new Set<string>();
    let target: string | undefined = alias;
    while (target !== undefined && aliases.has(target) && !seen.has(target)) {
      seen.add(target);
      target = aliases.get(target);
    }
    if (target !== undefined && !seen.has(target)) {
      result.set(alias, target);
    }
  }
  return result;
}
