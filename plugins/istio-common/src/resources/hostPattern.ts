/** Whether the pattern starts with `*`; Istio's names know no other wildcard. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/**
 * Whether every name that fits `host` fits `pattern` too. Names in lower case, as `resolveHost` gives them.
 *
 * Source: istio/istio pkg/config/host Name.SubsetOf.
 */
export function hostCovers(pattern: string, host: string): boolean {
  if (!isWildcard(pattern)) {
    return pattern === host;
  }
  return (isWildcard(host) ? host.slice(1) : host).endsWith(pattern.slice(1));
}

/**
 * Whether some name fits both.
 *
 * Source: istio/istio pkg/config/host Name.Matches.
 */
export function hostsOverlap(a: string, b: string): boolean {
  return hostCovers(a, b) || hostCovers(b, a);
}
