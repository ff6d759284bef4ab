/** Where a host name was written: decides what a short name means. */
export interface HostContext {
  /** Namespace of the rule. */
  namespace: string;
  /** DNS suffix of the cluster, `cluster.local` by default. */
  domain: string;
}

const IP_V4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * The fully qualified name Istio gives a host of a VirtualService or DestinationRule: a name without
 * dot gets the rule's namespace and the cluster's domain; `*`, IP addresses and ANY name with a dot
 * stay as they are, so `reviews.catalog` is not the Service `reviews` of `catalog`.
 * Names compare in lower case, without a trailing dot.
 *
 * Source: istio/istio pilot/pkg/model ResolveShortnameToFQDN.
 */
export function resolveHost(host: string, context: HostContext): string {
  const name = trimmed(host.toLowerCase());
  if (name === '' || name.includes('*') || isIpAddress(name)) {
    return name;
  }
  return name.includes('.')
    ? name
    : serviceHost({ namespace: context.namespace, name }, context.domain);
}

/** Nearly every name is written without anything around it. */
function trimmed(host: string): string {
  return isLetterOrDigit(host.charCodeAt(0)) &&
    isLetterOrDigit(host.charCodeAt(host.length - 1))
    ? host
    : host.replace(/^\s+|[\s.]+$/g, '');
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}

/** `reviews.catalog.svc.cluster.local` */
export function serviceHost(
  service: { namespace: string; name: string },
  domain: string,
): string {
  return `${service.name}.${service.namespace}.svc.${domain}`;
}

/** The Service a fully qualified host names; undefined for any other host. */
export function serviceOfHost(
  host: string,
  domain: string,
): { namespace: string; name: string } | undefined {
  const suffix = `.svc.${domain}`;
  if (!host.endsWith(suffix)) {
    return undefined;
  }
  const parts = host.slice(0, -suffix.length).split('.');
  return parts.length === 2 && parts[0] && parts[1] && !host.includes('*')
    ? { name: parts[0], namespace: parts[1] }
    : undefined;
}

/** Whether the host is an IPv4 or IPv6 address. */
export function isIpAddress(host: string): boolean {
  return IP_V4.test(host) || (host.includes(':') && !host.includes('/'));
}

/**
 * How well a pattern (`*`, `*.catalog.svc.cluster.local`, or a full name) fits a full name: higher is
 * more specific, undefined is no match. An exact name beats every wildcard, a longer wildcard a shorter.
 *
 * Source: istio/istio pkg/config/host Name.Matches and MostSpecificHostMatch.
 */
export function hostSpecificity(
  pattern: string,
  host: string,
): number | undefined {
  if (pattern === host) {
    return Number.MAX_SAFE_INTEGER;
  }
  if (!pattern.startsWith('*')) {
    return undefined;
  }
  return host.endsWith(pattern.slice(1)) ? pattern.length : undefined;
}

/**
 * `exportTo` as seen from a client's namespace. Istio's default is everyone.
 *
 * Source: istio.io reference VirtualService.exportTo, DestinationRule.exportTo.
 */
export function isExportedTo(
  exportTo: readonly string[],
  options: { from: string; to: string },
): boolean {
  if (exportTo.length === 0) {
    return true;
  }
  return exportTo.some(
    entry =>
      entry === '*' ||
      entry === options.to ||
      (entry === '.' && options.from === options.to),
  );
}

/** Nobody outside its own namespace sees the object. */
export function isPrivate(
  exportTo: readonly string[],
  namespace: string,
): boolean {
  return (
    exportTo.length > 0 &&
    exportTo.every(entry => entry === '.' || entry === namespace)
  );
}
