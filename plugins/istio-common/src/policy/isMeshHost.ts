import { isIpAddress } from '../resources/host';
import { isWildcard } from '../resources/hostPattern';
import type { MeshSnapshot } from '../snapshot/types';

/**
 * Whether a resolved host can be the name of something inside the cluster: then nobody has it as a domain
 * outside. Besides full names these are the shorter ones that a pod's search list completes
 * (`reviews.catalog`, `reviews.catalog.svc`), everything under `.local`, and every wildcard wide enough to
 * take one of them.
 */
export function isMeshHost(
  host: string,
  snapshot: Pick<MeshSnapshot, 'domain' | 'get'>,
): boolean {
  if (isIpAddress(host)) {
    return false;
  }
  const suffixes = ['.local', '.localhost', '.svc', `.${snapshot.domain}`];
  const name = isWildcard(host) ? host.slice(1) : host;
  if (isWildcard(host) && suffixes.some(suffix => suffix.endsWith(name))) {
    return true;
  }
  const labels = name.split('.').filter(label => label !== '');
  return (
    labels.length < 2 ||
    suffixes.some(suffix => name.endsWith(suffix)) ||
    /^[^.]+\.[^.]+\.svc\./.test(name) ||
    (labels.length === 2 &&
      !isWildcard(host) &&
      snapshot.get('Namespace', undefined, labels[1]) !== undefined)
  );
}
