import {
  entryOf,
  fieldsListOf,
  fieldsOf,
  labelsOf,
  numberOf,
  textOf,
  textsOf,
  timeOf,
} from '../../resources/fields';
import { isIpAddress, serviceHost } from '../../resources/host';
import { kindNameOf } from '../../resources/kinds';
import { memoizeByIdentity } from '../../resources/memoize';
import { compareText } from '../../resources/objectKey';
import { readService } from '../../resources/service';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { MeshDefaults, meshDefaults } from './meshDefaults';
import { perLists } from './perLists';
import { isTls, parseProtocol, PortProtocol } from './protocol';
import {
  MeshPort,
  MeshService,
  portOf,
  Resolution,
  ServiceList,
} from './serviceModel';
import { readVisibility } from './visibility';

/** Istio's service registry, indexed by what routes look up. */
export interface ServiceRegistry {
  byHost: ReadonlyMap<string, ServiceList>;
  byPort: ReadonlyMap<number, ServiceList>;
  byAddress: ReadonlyMap<string, ServiceList>;
  /** Services with a wildcard host, by port. */
  wildcardsByPort: ReadonlyMap<number, ServiceList>;
  /** ServiceEntries without an address of their own, whose listener is shared by all hosts; by port. */
  openByPort: ReadonlyMap<number, OpenServices>;
  /** All of one host, whoever sees them. */
  allByHost: ReadonlyMap<string, readonly MeshService[]>;
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

/** What an object registers, and when it was created; of most objects nothing changed when a registry is built anew. */
const readServices = memoizeByIdentity((object: KubeObject) => {
  let known: { variant: string; services: DatedService[] } | undefined;
  return (settings: {
    domain: string;
    exportTo: readonly string[];
    variant: string;
  }): DatedService[] => {
    const { domain, exportTo, variant } = settings;
    if (known?.variant !== variant) {
      const created = createdOf(object);
      const services =
        kindNameOf(object) === 'Service'
          ? [readKubernetesService(object, domain, exportTo)]
          : readServiceEntryServices(object, exportTo);
      known = {
        variant,
        services: services.map(service => ({ service, created })),
      };
    }
    return known.services;
  };
});

interface DatedService {
  service: MeshService;
  /** Epoch milliseconds. */
  created: number;
}

const buildRegistry = perLists((lists, variant): ServiceRegistry => {
  const [services, entries] = lists as (readonly KubeObject[])[];
  const { domain, exportTo } = JSON.parse(variant) as {
    domain: string;
    exportTo: string[];
  };
  const all = [...services, ...entries]
    .flatMap(object => readServices(object)({ domain, exportTo, variant }))
    .sort(
      (a, b) =>
        a.created - b.created ||
        compareText(sortName(a.service), sortName(b.service)) ||
        compareText(a.service.namespace, b.service.namespace),
    )
    .map(({ service }, order) => ({ ...service, order }));
  return indexServices(all);
});

const registryOf = memoizeByIdentity((snapshot: MeshSnapshot) => {
  const { serviceExportTo }: MeshDefaults = meshDefaults(snapshot);
  return buildRegistry(
    [snapshot.list('Service'), snapshot.list('ServiceEntry')],
    JSON.stringify({ domain: snapshot.domain, exportTo: serviceExportTo }),
  );
});

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
  const all = (allByHost.get(host) ?? []).filter(
    service => service.namespace === namespace,
  );
  return all.find(({ registry }) => registry === 'kubernetes') ?? all[0];
}

function createdOf(object: KubeObject): number {
  return timeOf(object.metadata.creationTimestamp) ?? Number.MAX_SAFE_INTEGER;
}

/** Istio names a ServiceEntry's services by their host. */
function sortName(service: MeshService): string {
  return service.registry === 'kubernetes'
    ? service.object.metadata.name
    : service.host;
}

function indexServices(all: readonly MeshService[]): ServiceRegistry {
  const byHost = new Map<string, ServiceList>();
  const byPort = new Map<number, ServiceList>();
  const byAddress = new Map<string, ServiceList>();
  const wildcardsByPort = new Map<number, ServiceList>();
  const openByPort = new Map<number, OpenServices>();
  const allByHost = new Map<string, MeshService[]>();
  for (const service of all) {
    addTo(byHost, service.host, service);
    const same = allByHost.get(service.host);
    if (same) {
      same.push(service);
    } else {
      allByHost.set(service.host, [service]);
    }
    for (const address of service.addresses) {
      addTo(byAddress, address, service);
    }
    for (const port of new Set(service.ports.map(({ number }) => number))) {
      addTo(byPort, port, service);
      if (service.host.startsWith('*')) {
        addTo(wildcardsByPort, port, service);
      }
      if (service.registry === 'external' && service.addresses.length === 0) {
        addOpen(openByPort, port, service);
      }
    }
  }
  return {
    byHost,
    byPort,
    byAddress,
    wildcardsByPort,
    openByPort,
    allByHost,
    concreteOf: resolveAliases(all),
  };
}

function addTo<K>(
  map: Map<K, ServiceList>,
  key: K,
  service: MeshService,
): void {
  const list = map.get(key) ?? new ServiceList();
  map.set(key, list);
  list.add(service);
}

function addOpen(
  map: Map<number, OpenServices>,
  port: number,
  service: MeshService,
): void {
  const open = map.get(port) ?? {
    any: new ServiceList(),
    named: new ServiceList(),
    unnamed: new ServiceList(),
  };
  map.set(port, open);
  const protocol = portOf(service, port)?.protocol ?? 'auto';
  const byName = isTls(protocol) && service.cidr === undefined;
  open.any.add(service);
  (byName ? open.named : open.unnamed).add(service);
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

const EXPORT_ANNOTATION = 'networking.istio.io/exportTo';

function readKubernetesService(
  object: KubeObject,
  domain: string,
  fallback: readonly string[],
): MeshService {
  const view = readService(object);
  const { namespace, name } = view;
  const spec = fieldsOf(object.spec);
  const written = textOf(object.metadata.annotations?.[EXPORT_ANNOTATION]);
  const exportTo = written ? written.split(',').map(entry => entry.trim()) : [];
  const service: MeshService = {
    host: serviceHost({ namespace, name }, domain),
    namespace,
    registry: 'kubernetes',
    resolution: kubernetesResolution(view),
    addresses: kubernetesAddresses(object),
    ports: view.ports.map(({ port, name: portName, protocol }) => ({
      number: port,
      protocol: parseProtocol(protocol),
      ...(portName === undefined ? {} : { name: portName }),
    })),
    visibility: readVisibility({ exportTo, fallback, namespace }),
    declaredExportTo: [...new Set(exportTo)].sort().join(),
    labels: labelsOf(object.metadata.labels),
    object,
    order: 0,
    hasEndpoints: false,
  };
  if (view.externalName !== undefined) {
    service.aliasOf = view.externalName.toLowerCase();
  }
  const selector = labelsOf(spec.selector);
  return Object.keys(selector).length > 0 ? { ...service, selector } : service;
}

function kubernetesResolution(view: {
  headless: boolean;
  externalName?: string;
}): Resolution {
  if (view.headless) {
    return 'passthrough';
  }
  return view.externalName === undefined ? 'static' : 'alias';
}

/** A Service that is not created yet gets an address as any other: its name stands for it. */
function kubernetesAddresses(object: KubeObject): string[] {
  const spec = fieldsOf(object.spec);
  const { namespace = '', name } = object.metadata;
  if (spec.clusterIP === 'None' || spec.type === 'ExternalName') {
    return [];
  }
  const addresses = textsOf(spec.clusterIPs);
  const single = textOf(spec.clusterIP);
  if (addresses.length > 1) {
    return addresses;
  }
  return [single ?? `service/${namespace}/${name}`];
}

const RESOLUTIONS: Readonly<Record<string, Resolution>> = {
  NONE: 'passthrough',
  STATIC: 'static',
  DNS: 'dns',
  DNS_ROUND_ROBIN: 'dns',
  DYNAMIC_DNS: 'dynamicDns',
};

function readServiceEntryServices(
  object: KubeObject,
  fallback: readonly string[],
): MeshService[] {
  const spec = fieldsOf(object.spec);
  const namespace = object.metadata.namespace ?? '';
  const written = textsOf(spec.addresses);
  const exportTo = textsOf(spec.exportTo);
  const addresses = written.flatMap(readAddress);
  const selector = labelsOf(fieldsOf(spec.workloadSelector).labels);
  const resolution =
    entryOf(RESOLUTIONS, textOf(spec.resolution) ?? 'NONE') ?? 'passthrough';
  const shared = {
    namespace,
    registry: 'external' as const,
    resolution,
    ports: fieldsListOf(spec.ports).flatMap(readEntryPort),
    visibility: readVisibility({ exportTo, fallback, namespace }),
    declaredExportTo: [...new Set(exportTo)].sort().join(),
    labels: labelsOf(object.metadata.labels),
    object,
    order: 0,
    hasEndpoints:
      resolution === 'dns' || fieldsListOf(spec.endpoints).length > 0,
    ...(Object.keys(selector).length > 0 ? { selector } : {}),
  };
  // A ServiceEntry all of whose addresses are malformed defines nothing.
  const dialled = written.length > 0 ? addresses : [{ addresses: [] }];
  return textsOf(spec.hosts).flatMap(host =>
    dialled.map(address => ({
      ...shared,
      host: host.toLowerCase(),
      ...address,
    })),
  );
}

function readAddress(
  address: string,
): { addresses: string[]; cidr?: string }[] {
  const [ip, bits, ...rest] = address.split('/');
  if (!isIpAddress(ip) || rest.length > 0) {
    return [];
  }
  const single =
    bits === undefined || bits === (ip.includes(':') ? '128' : '32');
  return single ? [{ addresses: [ip] }] : [{ addresses: [], cidr: address }];
}

function readEntryPort(port: Readonly<Record<string, unknown>>): MeshPort[] {
  const number = numberOf(port.number);
  if (number === undefined) {
    return [];
  }
  const name = textOf(port.name);
  const protocol: PortProtocol = parseProtocol(textOf(port.protocol));
  return [
    name === undefined ? { number, protocol } : { number, protocol, name },
  ];
}
