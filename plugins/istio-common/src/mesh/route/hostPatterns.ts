/**
 * Comparison of host names with Istio's wildcards.
 *
 * Source: istio/istio pkg/config/host name.go, names.go (1.31).
 */

/** `*` or `*.shop.example`. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether some name is covered by both. */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) {
    return a.length < b.length
      ? b.slice(1).endsWith(a.slice(1))
      : a.slice(1).endsWith(b.slice(1));
  }
  if (isWildcard(a)) {
    return b.endsWith(a.slice(1));
  }
  return isWildcard(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** Whether every name of `inner` is covered by `outer`. */
export function isCovered(inner: string, outer: string): boolean {
  if (isWildcard(inner)) {
    return (
      isWildcard(outer) &&
      inner.length >= outer.length &&
      inner.slice(1).endsWith(outer.slice(1))
    );
  }
  return isWildcard(outer) ? inner.endsWith(outer.slice(1)) : inner === outer;
}

/** The names covered by both lists, each in its narrower form. */
export function intersectHosts(
  hosts: readonly string[],
  others: readonly string[],
): string[] {
  const result = new Set<string>();
  for (const host of hosts) {
    for (const other of others) {
      if (isCovered(host, other)) {
        result.add(host);
      } else if (isCovered(other, host)) {
        result.add(other);
      }
    }
  }
  return [...result];
}

/** Whether a wildcard domain of a proxy takes the host: at least one character stands for the star. */
export function domainTakes(domain: string, host: string): boolean {
  return host.length >= domain.length && host.endsWith(domain.slice(1));
}

/** The longest pattern that covers the host, as DestinationRules and wildcard routes are looked up. */
export function mostSpecific(
  patterns: Iterable<string>,
  host: string,
): string | undefined {
  const needle = isWildcard(host) ? host.slice(1) : host;
  let best: string | undefined;
  for (const pattern of patterns) {
    if (
      needle.endsWith(pattern.slice(1)) &&
      (best === undefined || pattern.length > best.length)
    ) {
      best = pattern;
    }
  }
  return best;
}
