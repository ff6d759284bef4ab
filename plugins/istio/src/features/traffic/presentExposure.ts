import type {
  CertificateRef,
  CertificateState,
  ExposureAnswer,
  GatewayExposure,
  OuterService,
} from '@istio-backstage/plugin-istio-common';
import type { StatusKind } from '../../components';

/** Names of the clusters where something holds, for who reads several. */
export interface ByCluster<T> {
  value: T;
  clusters: string[];
}

/** The same opening in several clusters is one. */
export function groupGateways(
  items: readonly ExposureAnswer[],
): ByCluster<GatewayExposure>[] {
  return group(items, ({ gateways }) => gateways, presentGatewayKey);
}

/** Services with an address of their own, the same in several clusters as one. */
export function groupServices(
  items: readonly ExposureAnswer[],
): ByCluster<OuterService>[] {
  return group(
    items,
    ({ services }) => services,
    ({ object, reach }) => `${object.namespace}/${object.name}/${reach}`,
  );
}

function group<T>(
  items: readonly ExposureAnswer[],
  pick: (item: ExposureAnswer) => readonly T[],
  keyOf: (value: T) => string,
): ByCluster<T>[] {
  const groups = new Map<string, ByCluster<T>>();
  for (const item of items) {
    for (const value of pick(item)) {
      const key = keyOf(value);
      const known = groups.get(key);
      if (known) known.clusters.push(item.cluster);
      else groups.set(key, { value, clusters: [item.cluster] });
    }
  }
  return [...groups.values()];
}

function presentGatewayKey(exposure: GatewayExposure): string {
  const { gateway, fieldPath, problem, certificates } = exposure;
  return JSON.stringify([
    gateway.kind,
    gateway.namespace,
    gateway.name,
    fieldPath,
    presentAddress(exposure),
    problem,
    // One that ends soon must not hide behind one of another cluster that does not.
    certificates.map(({ certificate }) => [
      presentExpiry(certificate).word,
      certificate.notAfter,
    ]),
  ]);
}

/** `https://shop.example:443` without the port that goes without saying. */
export function presentAddress({
  protocol,
  host,
  port,
}: GatewayExposure): string {
  const usual =
    (protocol === 'http' && port === 80) ||
    (protocol === 'https' && port === 443);
  return `${protocol}://${host}${usual ? '' : `:${port}`}`;
}

const TLS: Readonly<Record<string, string>> = {
  none: 'Not encrypted',
  SIMPLE: 'Encrypted, the gateway opens it (SIMPLE)',
  MUTUAL: 'Encrypted, callers show a certificate (MUTUAL)',
  OPTIONAL_MUTUAL:
    'Encrypted, callers may show a certificate (OPTIONAL_MUTUAL)',
  ISTIO_MUTUAL: 'Encrypted by the mesh (ISTIO_MUTUAL)',
  PASSTHROUGH: 'Encrypted, handed on unopened (PASSTHROUGH)',
  AUTO_PASSTHROUGH: 'Encrypted, handed on unopened (AUTO_PASSTHROUGH)',
};

/** How it is encrypted. */
export function presentTls({ tls, httpsRedirect }: GatewayExposure): string {
  return httpsRedirect
    ? 'Plain requests are redirected to HTTPS'
    : TLS[tls] ?? tls;
}

const EXPIRY: Readonly<
  Record<CertificateState['expiry'], { status: StatusKind; word: string }>
> = {
  valid: { status: 'healthy', word: 'Valid' },
  soon: { status: 'degraded', word: 'Ends soon' },
  urgent: { status: 'failing', word: 'Ends very soon' },
  expired: { status: 'failing', word: 'Ended' },
  notYetValid: { status: 'failing', word: 'Not valid yet' },
  unknown: { status: 'unknown', word: 'Unknown' },
};

/** A certificate that is not there is as bad as one that ended; one nobody looked at is unknown, never valid. */
export function presentExpiry({ state, expiry }: CertificateState): {
  status: StatusKind;
  word: string;
} {
  return state === 'missing'
    ? { status: 'failing', word: 'Missing' }
    : EXPIRY[expiry];
}

/** "Certificate edge/shop: ends in 12 days, on 2026-07-26." */
export function presentCertificate({
  namespace,
  name,
  certificate,
}: CertificateRef): string {
  const what = namespace ? `${namespace}/${name}` : name;
  return `Certificate ${what}. ${certificate.text}`;
}

const REACH: Record<OuterService['reach'], string> = {
  loadBalancer: 'a load balancer',
  nodePort: 'a port of every node',
  externalIP: 'addresses of its own',
  inside: 'the cluster only',
  unknown: 'an unknown way',
};

/** From where the pods of a gateway can be called. */
export function presentReach(services: readonly OuterService[]): string {
  if (services.length === 0) {
    return 'No Service leads to the gateway, so from where it can be called is not known';
  }
  return services
    .map(({ reach, addresses }) =>
      [`Through ${REACH[reach]}`, ...addresses].join(' '),
    )
    .join(', ');
}
