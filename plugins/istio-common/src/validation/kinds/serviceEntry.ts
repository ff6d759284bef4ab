import { type Field, quote } from '../Field';
import {
  checkPort,
  checkProtocol,
  checkSubnet,
  isHttpProtocol,
  isIp,
  isTlsProtocol,
  parseProtocol,
} from '../rules/addresses';
import { checkExportTo } from '../rules/exportTo';
import {
  checkDnsLabel,
  checkHost,
  explainFqdn,
  isPartialWildcard,
} from '../rules/names';
import { checkAlphaWorkloadSelector } from '../rules/workloadSelector';
import type { KindValidator, ValidatedObject } from '../types';
import { checkEndpoint } from './workloadEndpoint';

const RESOLUTIONS = [
  'NONE',
  'STATIC',
  'DNS',
  'DNS_ROUND_ROBIN',
  'DYNAMIC_DNS',
] as const;
const LOCATIONS = ['MESH_EXTERNAL', 'MESH_INTERNAL'] as const;

/** Source: istio/istio pkg/config/validation ValidateServiceEntry. */
export const validateServiceEntry: KindValidator = object => {
  const { namespace, spec } = object;
  const resolution = spec.at('resolution').choice(RESOLUTIONS);
  const location = spec.at('location').choice(LOCATIONS);
  checkAlphaWorkloadSelector(spec.at('workloadSelector'));
  const endpoints = spec.at('endpoints').items();
  if (spec.at('workloadSelector').isSet && endpoints.length > 0) {
    spec.at('endpoints').error('must not stand beside workloadSelector');
  }
  checkHosts(spec, resolution);
  checkAddresses(spec, resolution);
  checkPorts(object, resolution);
  switch (resolution) {
    case 'NONE':
      if (endpoints.length > 0) {
        spec.at('endpoints').error('must be empty with resolution NONE');
      }
      if (spec.at('workloadSelector').isSet) {
        spec.at('workloadSelector').warn('has no use with resolution NONE');
      }
      break;
    case 'STATIC':
      checkStaticEndpoints(spec);
      break;
    case 'DYNAMIC_DNS':
      checkDynamicDns(object, location);
      break;
    default:
      checkDnsEndpoints(spec, resolution);
  }
  checkHostsOfTcp(spec, resolution);
  checkExportTo(spec.at('exportTo'), { namespace, serviceEntry: true });
};

function checkHosts(spec: Field, resolution: string): void {
  const hosts = spec.at('hosts').items();
  if (hosts.length === 0) {
    spec.at('hosts').error('must name at least one host');
  }
  for (const host of hosts) {
    const name = host.text();
    if (name === '*') {
      host.error('must not be "*"');
    } else {
      checkHost(host);
      if (resolution !== 'DYNAMIC_DNS' && isPartialWildcard(name)) {
        host.warn(`has "*" as part of a name, it is ${quote(name)}`);
      }
    }
  }
}

function checkAddresses(spec: Field, resolution: string): void {
  const addresses = spec.at('addresses').items();
  addresses.forEach(checkSubnet);
  if (
    addresses.some(address => address.text().includes('/')) &&
    !['NONE', 'STATIC'].includes(resolution)
  ) {
    spec
      .at('addresses')
      .error('may hold CIDR blocks only with resolution NONE or STATIC');
  }
}

function checkPorts(object: ValidatedObject, resolution: string): void {
  const { spec, labels } = object;
  const names = new Set<string>();
  const numbers = new Set<number>();
  const hasAddresses = spec.at('addresses').items().length > 0;
  const allocates =
    resolution !== 'NONE' &&
    labels['networking.istio.io/enable-autoallocate-ip']?.toLowerCase() !==
      'false';
  for (const port of spec.at('ports').items()) {
    const name = port.at('name').text();
    const number = port.at('number').number();
    const protocol = port.at('protocol').text();
    if (names.has(name)) {
      port.at('name').error(`names a port ${quote(name)} a second time`);
    }
    if (numbers.has(number)) {
      port.at('number').error(`names port ${number} a second time`);
    }
    names.add(name);
    numbers.add(number);
    if (port.at('targetPort').number() !== 0) {
      checkPort(port.at('targetPort'));
    }
    if (!hasAddresses && !allocates && ['', 'TCP'].includes(protocol)) {
      port.warn('of TCP needs addresses where none are allocated by Istio');
    }
    checkDnsLabel(port.at('name'));
    checkProtocol(port.at('protocol'));
    checkPort(port.at('number'));
  }
}

function portNames(spec: Field): string[] {
  return spec
    .at('ports')
    .items()
    .map(port => port.at('name').text());
}

function checkStaticEndpoints(spec: Field): void {
  for (const endpoint of spec.at('endpoints').items()) {
    checkEndpoint(endpoint, {
      ports: portNames(spec),
      names: 'addressOnly',
    });
  }
}

function checkDnsEndpoints(spec: Field, resolution: string): void {
  const endpoints = spec.at('endpoints').items();
  if (endpoints.length === 0) {
    const open = spec
      .at('hosts')
      .items()
      .find(host => explainFqdn(host.text()));
    open?.error(
      `must be a full host name with resolution ${resolution} and no endpoints, it is ${quote(
        open.text(),
      )}`,
    );
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    spec.at('endpoints').error('must be one at most with DNS_ROUND_ROBIN');
  }
  for (const endpoint of endpoints) {
    const address = endpoint.at('address').text();
    if (!isIp(address) && explainFqdn(address)) {
      endpoint
        .at('address')
        .error(
          `must be a full host name or an IP address, it is ${quote(address)}`,
        );
    }
    checkEndpoint(endpoint, { ports: portNames(spec), names: 'skip' });
  }
  const tcp = spec
    .at('ports')
    .items()
    .some(port => {
      const protocol = parseProtocol(port.at('protocol').text());
      return (
        protocol !== undefined &&
        protocol !== 'udp' &&
        !isHttpProtocol(protocol)
      );
    });
  if (
    tcp &&
    spec.at('addresses').items().length > 0 &&
    spec.at('hosts').items().length > 1
  ) {
    spec.at('hosts').warn('should be one beside addresses and a TCP port');
  }
}

function checkDynamicDns(object: ValidatedObject, location: string): void {
  const { spec, labels } = object;
  for (const host of spec.at('hosts').items()) {
    if (!host.text().startsWith('*')) {
      host.error('must start with "*" with resolution DYNAMIC_DNS');
    }
  }
  for (const name of ['addresses', 'endpoints']) {
    if (spec.at(name).items().length > 0) {
      spec.at(name).error('must be empty with resolution DYNAMIC_DNS');
    }
  }
  for (const port of spec.at('ports').items()) {
    const protocol = parseProtocol(port.at('protocol').text());
    if (!['http', 'http2', 'grpc', 'tls'].includes(protocol ?? '')) {
      port
        .at('protocol')
        .error('must be HTTP, HTTP2, GRPC or TLS with resolution DYNAMIC_DNS');
    }
  }
  const waypoint = labels['istio.io/use-waypoint'] ?? '';
  if (
    location === 'MESH_INTERNAL' &&
    waypoint !== '' &&
    waypoint.toLowerCase() !== 'none'
  ) {
    spec
      .at('location')
      .error('must be MESH_EXTERNAL with DYNAMIC_DNS behind a waypoint');
  }
}

/** Plain TCP names no host, so several could not be told apart. */
function checkHostsOfTcp(spec: Field, resolution: string): void {
  if (resolution === 'NONE' || spec.at('hosts').items().length < 2) {
    return;
  }
  const port = spec
    .at('ports')
    .items()
    .find(each => {
      const protocol = parseProtocol(each.at('protocol').text());
      return !isHttpProtocol(protocol) && !isTlsProtocol(protocol);
    });
  port
    ?.at('protocol')
    .error('must be HTTP or TLS where spec.hosts names several');
}
