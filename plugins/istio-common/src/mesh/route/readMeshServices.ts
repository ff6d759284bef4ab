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
import { readService } from '../../resources/service';
import { KubeObject } from '../../resources/types';
import { parseProtocol, PortProtocol } from './protocol';
import { MeshPort, MeshService, Resolution } from './serviceModel';
import { readVisibility } from './visibility';

/** What an object registers; the same services each time. */
export const readMeshServices = memoizeByIdentity((object: KubeObject) => {
  const byVariant = new Map<string, readonly MeshService[]>();
  return (settings: RegistrySettings): readonly MeshService[] => {
    const { domain, exportTo, variant } = settings;
    const known = byVariant.get(variant);
    if (known) return known;
    const services =
      kindNameOf(object) === 'Service'
        ? [readKubernetesService(object, domain, exportTo)]
        : readServiceEntryServices(object, exportTo);
    byVariant.set(variant, services);
    return services;
  };
});

/** Of the mesh, for what a Service leaves open; the variant is their text. */
export interface RegistrySettings {
  domain: string;
  exportTo: readonly string[];
  variant: string;
}

function createdOf(object: KubeObject): number {
  return timeOf(object.metadata.creationTimestamp) ?? Number.MAX_SAFE_INTEGER;
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
    created: createdOf(object),
    place: 0,
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
    created: createdOf(object),
    hasEndpoints:
      resolution === 'dns' || fieldsListOf(spec.endpoints).length > 0,
    ...(Object.keys(selector).length > 0 ? { selector } : {}),
  };
  // A ServiceEntry all of whose addresses are malformed defines nothing.
  const dialled = written.length > 0 ? addresses : [{ addresses: [] }];
  return textsOf(spec.hosts)
    .flatMap(host => dialled.map(address => ({ host, address })))
    .map(({ host, address }, place) => ({
      ...shared,
      host: host.toLowerCase(),
      ...address,
      place,
    }));
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
