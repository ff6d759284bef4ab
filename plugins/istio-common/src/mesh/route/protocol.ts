/** What Istio takes a port for; `auto`: it looks at the first bytes. */
export type PortProtocol =
  | 'http'
  | 'http2'
  | 'grpc'
  | 'grpc-web'
  | 'http_proxy'
  | 'https'
  | 'tls'
  | 'tcp'
  | 'mongo'
  | 'redis'
  | 'mysql'
  | 'udp'
  | 'auto';

const KNOWN: ReadonlySet<string> = new Set<PortProtocol>([
  'http',
  'http2',
  'grpc',
  'grpc-web',
  'http_proxy',
  'https',
  'tls',
  'tcp',
  'mongo',
  'redis',
  'mysql',
  'udp',
]);
const HTTP: ReadonlySet<string> = new Set([
  'http',
  'http2',
  'grpc',
  'grpc-web',
  'http_proxy',
]);

/**
 * A protocol by its name, in any case; what Istio does not know it detects.
 *
 * Source: istio/istio pkg/config/protocol Parse (1.31).
 */
export function parseProtocol(text: string | undefined): PortProtocol {
  const name = (text ?? '').toLowerCase();
  return KNOWN.has(name) ? (name as PortProtocol) : 'auto';
}

/** Served by the shared HTTP listener of its port. */
export function isHttp(protocol: PortProtocol): boolean {
  return HTTP.has(protocol);
}

/** Declared as HTTP/2: proxies speak nothing else to it. */
export function isHttp2(protocol: PortProtocol): boolean {
  return ['http2', 'grpc', 'grpc-web'].includes(protocol);
}

/** Gets HTTP routes: declared as HTTP, or detected. */
export function mayBeHttp(protocol: PortProtocol): boolean {
  return protocol === 'auto' || HTTP.has(protocol);
}

/** Carries TLS that the proxy does not open. */
export function isTls(protocol: PortProtocol): boolean {
  return protocol === 'https' || protocol === 'tls';
}

/** Gets a listener that forwards bytes and nothing else. */
export function isTcp(protocol: PortProtocol): boolean {
  return !mayBeHttp(protocol) && protocol !== 'udp';
}
