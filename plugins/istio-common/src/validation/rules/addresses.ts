import { type Field, quote } from '../Field';

const UNIX = 'unix://';

/** IPv4 or IPv6 as Go's netip.ParseAddr takes it: no leading zeros, a zone only on IPv6. */
export function isIp(address: string): boolean {
  return isIpV4(address) || isIpV6(address);
}

function isIpV4(address: string): boolean {
  const parts = address.split('.');
  return (
    parts.length === 4 &&
    parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

function isIpV6(address: string): boolean {
  const [bare, ...zone] = address.split('%');
  if (zone.length > 1 || zone[0] === '') {
    return false;
  }
  const halves = bare.split('::');
  if (!bare.includes(':') || halves.length > 2) {
    return false;
  }
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  const last = groups[groups.length - 1];
  const embedded = last !== undefined && isIpV4(last) && !bare.endsWith(':');
  const hex = embedded ? groups.slice(0, -1) : groups;
  const width = hex.length + (embedded ? 2 : 0);
  return (
    hex.every(group => /^[0-9a-fA-F]{1,4}$/.test(group)) &&
    (halves.length === 2 ? width < 8 : width === 8)
  );
}

/** `10.0.0.0/8`. Source: netip.ParsePrefix. */
export function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  return (
    rest.length === 0 &&
    /^(0|[1-9]\d{0,2})$/.test(bits ?? '') &&
    !address.includes('%') &&
    ((isIpV4(address) && Number(bits) <= 32) ||
      (isIpV6(address) && Number(bits) <= 128))
  );
}

/** An address or a block of them. Source: agent.ValidateIPSubnet. */
export function checkSubnet(field: Field): void {
  const text = field.text();
  const slashes = text.split('/').length - 1;
  if (slashes === 1 ? !isCidr(text) : !isIp(text)) {
    field.error(`must be an IP address or a CIDR block, it is ${quote(text)}`);
  }
}

export function checkIp(field: Field): void {
  const text = field.text();
  if (!isIp(text)) {
    field.error(`must be an IP address, it is ${quote(text)}`);
  }
}

export function checkPort(field: Field, port = field.number()): void {
  if (!(port >= 1 && port <= 65535)) {
    field.error(`must be a port from 1 to 65535, it is ${port}`);
  }
}

/** The path behind `unix://`, or undefined. */
export function unixPathOf(address: string): string | undefined {
  return address.startsWith(UNIX) ? address.slice(UNIX.length) : undefined;
}

/** Source: ValidateUnixAddress. */
export function checkUnixPath(field: Field, path: string): void {
  if (path === '') {
    field.error('must name a socket behind unix://');
  } else if (!path.startsWith('@') && !path.startsWith('/')) {
    field.error(
      `must be an absolute path behind unix://, it is ${quote(path)}`,
    );
  } else if (!path.startsWith('@') && path.endsWith('/')) {
    field.error(`must name a socket, not a directory, it is ${quote(path)}`);
  }
}

const PROTOCOLS = [
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
];

/** Lower-case protocol, undefined where Istio does not know it. Source: protocol.Parse. */
export function parseProtocol(name: string): string | undefined {
  const lower = name.toLowerCase();
  return PROTOCOLS.includes(lower) ? lower : undefined;
}

export function isHttpProtocol(protocol: string | undefined): boolean {
  return (
    protocol !== undefined &&
    ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'].includes(protocol)
  );
}

export function isTlsProtocol(protocol: string | undefined): boolean {
  return protocol === 'https' || protocol === 'tls';
}

/** Absent is fine: Istio sniffs. Source: ValidateProtocol. */
export function checkProtocol(field: Field): void {
  const name = field.text();
  if (name !== '' && parseProtocol(name) === undefined) {
    field.error(
      `must be one of ${PROTOCOLS.map(each => each.toUpperCase()).join(
        ', ',
      )}, it is ${quote(name)}`,
    );
  }
}
