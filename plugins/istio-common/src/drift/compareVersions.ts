/**
 * Whether a resourceVersion is newer than another of the same kind and cluster. They are counters of the
 * store behind the API server; where they are not (an aggregated server's own), another one is a newer one.
 *
 * Source: Kubernetes KEP-5504, which made their order part of the API in 1.35; etcd's revision before.
 */
export function isNewerVersion(version: string, than: string): boolean {
  const isNumber = (text: string) => /^\d{1,40}$/.test(text);
  return isNumber(version) && isNumber(than)
    ? BigInt(version) > BigInt(than)
    : version !== than;
}
