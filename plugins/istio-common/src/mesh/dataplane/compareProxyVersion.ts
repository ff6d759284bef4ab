/** How a proxy's version stands to its control plane's. */
type ProxySkew = 'same' | 'behind' | 'tooFarBehind' | 'ahead' | 'unknown';

/** Minor versions that Istio supports a proxy to be behind; a proxy that is further behind is told. */
const MINORS_AT_MOST = 2;

/**
 * Patch versions make no difference: both sides of one minor version understand each other.
 *
 * Source: istio.io, Supported Releases, control plane and data plane skew.
 */
export function compareProxyVersion(
  proxy: string | undefined,
  controlPlane: string | undefined,
): { skew: ProxySkew; minorsBehind?: number } {
  const [own, other] = [minorOf(proxy), minorOf(controlPlane)];
  if (!own || !other || own.major !== other.major) return { skew: 'unknown' };
  const minorsBehind = other.minor - own.minor;
  if (minorsBehind === 0) return { skew: 'same', minorsBehind };
  if (minorsBehind < 0) return { skew: 'ahead', minorsBehind };
  return {
    skew: minorsBehind > MINORS_AT_MOST ? 'tooFarBehind' : 'behind',
    minorsBehind,
  };
}

function minorOf(
  version: string | undefined,
): { major: number; minor: number } | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\D|$)/.exec(version ?? '');
  return found
    ? { major: Number(found[1]), minor: Number(found[2]) }
    : undefined;
}
