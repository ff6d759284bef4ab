/** One rule of `metric_relabel_configs`. */
interface Relabeling {
  source_labels?: string[];
  separator?: string;
  regex: string;
  target_label?: string;
  replacement?: string;
  action?: string;
}

/** A Pod that may call without saying who it is, and who it is. */
export interface KnownAddress {
  address: string;
  /** As `peerOfWorkload` writes it. */
  peer: string;
}

export const SCRAPE_SECONDS = 5;

/** The fields of a peer, in the order in which they are written, and the label endings that each becomes. */
const PEER_FIELDS = [
  ['workload'],
  ['workload_namespace'],
  ['canonical_service', 'app'],
  ['canonical_revision', 'version'],
  ['cluster'],
];

/** Labels that Istio sets to `unknown` for a peer it cannot name. */
const NAMED_ALWAYS = [
  'workload',
  'workload_namespace',
  'canonical_service',
  'canonical_revision',
  'app',
  'version',
  'cluster',
];

const escapeRegex = (text: string) => text.replace(/[.]/g, '\\.');

function peerRules(tag: 'src' | 'dst', side: string): Relabeling[] {
  const known = '([^;]+);([^;]*);([^;]*);([^;]*);(.*)';
  const rules = PEER_FIELDS.flatMap((endings, index) =>
    endings.map(ending => ({
      source_labels: [tag],
      regex: known,
      target_label: `${side}_${ending}`,
      replacement: `$${index + 1}`,
    })),
  );
  const unknown = NAMED_ALWAYS.map(ending => ({
    source_labels: ['__name__', `${side}_${ending}`],
    regex: 'istio_.*;-?',
    target_label: `${side}_${ending}`,
    replacement: 'unknown',
  }));
  return [...rules, ...unknown];
}

/** The destination's service: from the cluster's metadata, else the name of the outbound cluster. */
const SERVICE_RULES: Relabeling[] = [
  ...['destination_service', 'destination_service_name'].map(target_label => ({
    source_labels: ['cluster'],
    regex: 'outbound\\|[0-9]*\\|[^|]*\\|([^;]+);?',
    target_label,
    replacement: '$1',
  })),
  ...(
    [
      ['host', 'destination_service'],
      ['name', 'destination_service_name'],
      ['namespace', 'destination_service_namespace'],
    ] as const
  ).map(([key, target_label]) => ({
    source_labels: ['svc'],
    regex: `.*?"${key}":"([^"]+)".*`,
    target_label,
    replacement: '$1',
  })),
];

/** Only the server's side knows how a request came. */
const SECURITY_RULES: Relabeling[] = [
  {
    source_labels: ['reporter'],
    regex: 'source',
    target_label: 'connection_security_policy',
    replacement: 'unknown',
  },
  {
    source_labels: ['reporter'],
    regex: 'destination',
    target_label: 'connection_security_policy',
    replacement: 'none',
  },
  {
    source_labels: ['reporter', 'source_principal'],
    separator: '@',
    regex: 'destination@spiffe://.*',
    target_label: 'connection_security_policy',
    replacement: 'mutual_tls',
  },
  ...['source_principal', 'destination_principal'].map(label => ({
    source_labels: ['__name__', label],
    regex: 'istio_.*;-?',
    target_label: label,
    replacement: 'unknown',
  })),
];

/**
 * Turns the tags of envoyFilters.ts into Istio's labels. Addresses name callers without a header, as
 * Istio's proxies do by looking them up with istiod.
 */
export function relabelings(known: KnownAddress[]): Relabeling[] {
  return [
    {
      source_labels: ['__name__'],
      regex: 'envoy_(istio_.*)',
      target_label: '__name__',
    },
    // Two Pods of one workload would otherwise become the same series of one proxy.
    {
      source_labels: ['src'],
      regex: '(\\d+\\.\\d+\\.\\d+\\.\\d+)',
      target_label: 'source_address',
    },
    ...known.map(({ address, peer }) => ({
      source_labels: ['src'],
      regex: escapeRegex(address),
      target_label: 'src',
      replacement: peer,
    })),
    ...peerRules('src', 'source'),
    ...peerRules('dst', 'destination'),
    ...SERVICE_RULES,
    ...SECURITY_RULES,
    { regex: 'src|dst|svc|cluster', action: 'labeldrop' },
  ];
}

/** The whole configuration, as JSON, which is YAML. */
export const prometheusConfig = (targets: string, known: KnownAddress[]) => ({
  global: {
    scrape_interval: `${SCRAPE_SECONDS}s`,
    evaluation_interval: `${SCRAPE_SECONDS}s`,
  },
  scrape_configs: [
    {
      job_name: 'kubernetes-pods',
      metrics_path: '/stats/prometheus',
      // Debian's Prometheus has no kubernetes_sd; the node agent writes this file.
      file_sd_configs: [{ files: [targets], refresh_interval: '2s' }],
      metric_relabel_configs: relabelings(known),
    },
    {
      job_name: 'istiod',
      metrics_path: '/metrics',
      static_configs: [{ targets: ['127.0.0.1:15014'] }],
    },
  ],
});
