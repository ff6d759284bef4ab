/** `outbound|9080|v1|reviews.cmp.svc.cluster.local` as `reviews.cmp:9080/v1`; other names stay. */
export function clusterName(cluster: string): string {
  // A tracing or access-log suffix follows a semicolon.
  const [, port, subset, host] =
    /^outbound\|(\d+)\|([^|]*)\|([^;]+)/.exec(cluster) ?? [];
  if (!host) return cluster;
  const short = host.replace(/\.svc\.cluster\.local$/, '');
  return `${short}:${port}${subset ? `/${subset}` : ''}`;
}
