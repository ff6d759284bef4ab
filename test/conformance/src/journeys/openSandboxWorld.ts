import type { WorldHandle } from '../world/WorldHandle';
import { eventually } from './eventually';
import { createKubernetesHands } from './kubernetesHands';
import type {
  ClusterAddress,
  ProductWorld,
  RequestCounts,
  SendOptions,
} from './ProductWorld';

/** Senders of the scenario; at their usual rate, 1,000 requests would take minutes. */
const VISITORS = { id: 'visitors', usual: 41.3, counting: 1_500 };
const OUTSIDER = { id: 'billing-callbacks', usual: 0.3333, counting: 50 };
/** Three scrapes: nothing came. */
const REFUSED_WAIT_MS = 15_000;

type SandboxCluster = WorldHandle['clusters'][number];

/** The sandbox's shop with two of its clusters, over HTTP. */
export function openSandboxWorld({ clusters }: WorldHandle): ProductWorld {
  const [first, second] = clusters;
  const urlOf = (cluster: string) =>
    clusters.find(({ name }) => name === cluster)!.controlUrl;
  return {
    kind: 'sandbox',
    clusters: [toAddress(first), toAddress(second)],
    ...createKubernetesHands({ url: first.url, token: 'sandbox-admin' }),
    send: options => countFromMetrics(options, first),
    async failVersion({ namespace, workload, share }) {
      const [, service, version] = /^(.*)-(v\d+)$/.exec(workload) ?? [];
      const failure = {
        type: 'failure',
        to: `${namespace}/${service}`,
        version,
        share,
        code: '503',
      };
      for (const { controlUrl } of clusters) {
        await post(`${controlUrl}/world`, { changes: [failure] });
      }
    },
    setSilent: (cluster, { silent }) =>
      post(`${urlOf(cluster)}/state`, { state: silent ? 'dead' : 'up' }),
    keepSending: async () => ({ stop: async () => {} }),
    close: async () => {},
  };
}

function toAddress({ name, url, prometheusUrl }: SandboxCluster) {
  return {
    name,
    url,
    token: 'sandbox-portal',
    prometheus: prometheusUrl,
  } satisfies ClusterAddress;
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${url}: ${response.status} ${await response.text()}`);
  }
}

/** The traffic is the scenario's own: what its counters grew by from now on. */
async function countFromMetrics(
  options: SendOptions,
  { prometheusUrl, controlUrl }: SandboxCluster,
): Promise<RequestCounts> {
  const query = countersOf(options);
  const before = await readCounters(prometheusUrl, query);
  const started = Date.now();
  const sender = options.from.namespace === 'legacy' ? OUTSIDER : VISITORS;
  const setRate = (rate: number) =>
    post(`${controlUrl}/world`, {
      changes: [{ type: 'rate', sender: sender.id, rate }],
    });
  await setRate(sender.counting);
  try {
    const { answer } = await eventually(
      async () => subtract(await readCounters(prometheusUrl, query), before),
      ({ answered }) =>
        options.refused
          ? Date.now() - started > REFUSED_WAIT_MS
          : answered >= options.count,
      { withinMs: 120_000, what: `Requests of ${options.from.workload}` },
    );
    return answer;
  } finally {
    await setRate(sender.usual);
  }
}

/** A client outside the mesh has no proxy to count its requests: the server's does. */
function countersOf({ from, url }: SendOptions): string {
  const [service, namespace] = new URL(url).hostname.split('.');
  const reporter = from.namespace === 'legacy' ? 'destination' : 'source';
  return `sum by (destination_version, response_code) (istio_requests_total{reporter="${reporter}", source_workload="${from.workload}", source_workload_namespace="${from.namespace}", destination_service_name="${service}", destination_service_namespace="${namespace}"})`;
}

type Counters = Map<string, { version: string; code: string; value: number }>;

async function readCounters(prometheus: string, query: string) {
  const response = await fetch(
    `${prometheus}/api/v1/query?${new URLSearchParams({ query })}`,
  );
  const { data } = (await response.json()) as {
    data: {
      result: { metric: Record<string, string>; value: [number, string] }[];
    };
  };
  const counters: Counters = new Map();
  for (const { metric, value } of data.result) {
    counters.set(JSON.stringify(metric), {
      version: metric.destination_version ?? 'unknown',
      code: metric.response_code,
      value: Number(value[1]),
    });
  }
  return counters;
}

function subtract(now: Counters, before: Counters): RequestCounts {
  const counts: RequestCounts = { answered: 0, statuses: {}, versions: {} };
  for (const [key, { version, code, value }] of now) {
    const grown = value - (before.get(key)?.value ?? 0);
    if (grown <= 0) continue;
    counts.answered += grown;
    counts.statuses[code] = (counts.statuses[code] ?? 0) + grown;
    counts.versions[version] = (counts.versions[version] ?? 0) + grown;
  }
  return counts;
}
