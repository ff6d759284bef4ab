import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedSeries } from '@istio-backstage/sandbox';
import { repositoryRoot } from '../world/repositoryRoot';

const FIXTURES = join(
  repositoryRoot,
  'packages/sandbox/src/prometheus/__fixtures__',
);

/** Epoch milliseconds of the first sample; with those of the sandbox's own fixture. */
const START = 1_700_000_000_000;
const SCRAPE_MS = 15_000;
const SCRAPES = 80;

/** When questions are asked: all series but those that ended are fresh. */
export const ASKED_AT = START + (SCRAPES - 2) * SCRAPE_MS;

type Labels = Record<string, string>;

interface Shape {
  labels: Labels;
  /** Requests per scrape, on average. */
  rate: number;
  /** Scrapes from which to which the series is there. */
  from?: number;
  to?: number;
  /** Scrape at which the process restarts and counts from 0. */
  restartAt?: number;
}

/** A counter with uneven steps and scrapes that are not on the dot. */
function counter(
  { labels, rate, ...life }: Shape,
  seed: number,
): RecordedSeries {
  const { from = 0, to = SCRAPES, restartAt } = life;
  const samples: [number, number][] = [];
  let value = 0;
  for (let scrape = from; scrape < to; scrape += 1) {
    if (scrape === restartAt) value = 0;
    value += Math.round(rate * (1 + 0.5 * Math.sin(scrape / 3 + seed)));
    const jitter = (scrape * 7 + seed * 3) % 11;
    samples.push([START + scrape * SCRAPE_MS + jitter, value]);
  }
  return { labels, samples };
}

const UNKNOWN = 'unknown';

function peer(side: string, name: string, namespace: string): Labels {
  const [app, version] = name.split(/-(?=v\d$)/);
  const known = namespace !== UNKNOWN;
  return {
    [`${side}_workload`]: name,
    [`${side}_workload_namespace`]: namespace,
    [`${side}_canonical_service`]: known ? app : UNKNOWN,
    [`${side}_canonical_revision`]: version ?? 'latest',
    [`${side}_version`]: version ?? UNKNOWN,
    [`${side}_cluster`]: known ? 'Kubernetes' : UNKNOWN,
    [`${side}_principal`]: known
      ? `spiffe://cluster.local/ns/${namespace}/sa/${app}`
      : UNKNOWN,
  };
}

interface Edge {
  from: [string, string];
  to: [string, string];
  rate: number;
  code?: string;
  grpc?: string;
  flags?: string;
  life?: Omit<Shape, 'labels' | 'rate'>;
}

const EDGES: Edge[] = [
  { from: ['web', 'storefront'], to: ['reviews-v1', 'catalog'], rate: 80 },
  { from: ['web', 'storefront'], to: ['reviews-v2', 'catalog'], rate: 20 },
  {
    from: ['web', 'storefront'],
    to: ['reviews-v2', 'catalog'],
    rate: 3,
    code: '503',
    flags: 'UC',
    life: { from: 30 },
  },
  {
    from: ['checkout', 'storefront'],
    to: ['payments-v1', 'payments'],
    rate: 40,
    life: { restartAt: 60 },
  },
  {
    from: ['checkout', 'storefront'],
    to: ['payments-v1', 'payments'],
    rate: 6,
    code: '0',
    flags: 'DC',
  },
  {
    from: ['checkout', 'storefront'],
    to: ['payments-v2', 'payments'],
    rate: 12,
    code: '200',
    grpc: '14',
  },
  {
    from: ['checkout', 'storefront'],
    to: ['payments-v2', 'payments'],
    rate: 30,
    code: '200',
    grpc: '0',
    life: { to: 50 },
  },
  {
    from: [UNKNOWN, UNKNOWN],
    to: ['payments-v1', 'payments'],
    rate: 5,
    code: '404',
  },
  // Names that would break a query which did not quote them.
  { from: ['a.b', 'q"uote'], to: ['back\\slash', 'q"uote'], rate: 7 },
];

const BOUNDS = ['1', '5', '10', '50', '100', '500', '1000', '+Inf'];

function requestLabels(edge: Edge, reporter: string): Labels {
  const { from, to, code = '200', grpc, flags = '-' } = edge;
  const service = to[0].split(/-v\d$/)[0];
  return {
    reporter,
    ...peer('source', ...from),
    ...peer('destination', ...to),
    destination_service: `${service}.${to[1]}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: to[1],
    request_protocol: grpc === undefined ? 'http' : 'grpc',
    response_code: code,
    ...(grpc === undefined ? {} : { grpc_response_status: grpc }),
    response_flags: flags,
    connection_security_policy:
      reporter === 'source' || from[0] === UNKNOWN ? UNKNOWN : 'mutual_tls',
  };
}

function requestSeries(edge: Edge, index: number): RecordedSeries[] {
  const reporters = edge.from[0] === UNKNOWN ? [] : ['source'];
  // One service is reached through a waypoint.
  const server =
    edge.to[1] === 'catalog' ? ['destination', 'waypoint'] : ['destination'];
  return [...reporters, ...server].flatMap((reporter, seed) => {
    const labels = requestLabels(edge, reporter);
    const shape = { rate: edge.rate, ...edge.life };
    return [
      counter(
        { ...shape, labels: { __name__: 'istio_requests_total', ...labels } },
        index + seed,
      ),
      ...BOUNDS.map((le, step) =>
        counter(
          {
            ...shape,
            rate: (edge.rate * (step + 1)) / BOUNDS.length,
            labels: {
              __name__: 'istio_request_duration_milliseconds_bucket',
              ...labels,
              le,
            },
          },
          index + seed,
        ),
      ),
    ];
  });
}

function tcpSeries(): RecordedSeries[] {
  const labels = (reporter: string, policy: string) => ({
    reporter,
    ...peer('source', 'worker', 'payments'),
    ...peer('destination', 'ledger', 'payments'),
    destination_service: 'ledger.payments.svc.cluster.local',
    destination_service_name: 'ledger',
    destination_service_namespace: 'payments',
    response_flags: '-',
    connection_security_policy: policy,
  });
  const rates = {
    istio_tcp_connections_opened_total: 4,
    istio_tcp_connections_failed_total: 1,
    istio_tcp_sent_bytes_total: 90_000,
    istio_tcp_received_bytes_total: 1_200_000,
  };
  return Object.entries(rates).flatMap(([name, rate], index) =>
    ['source', 'destination'].map(reporter =>
      counter(
        {
          labels: {
            __name__: name,
            ...labels(reporter, reporter === 'source' ? UNKNOWN : 'none'),
          },
          rate,
        },
        index,
      ),
    ),
  );
}

/** What the sandbox's fixture holds: gauges, resets, gaps, NaN. JSON has no NaN. */
function fixtureSeries(): RecordedSeries[] {
  const { series } = JSON.parse(
    readFileSync(join(FIXTURES, 'recorded.json'), 'utf8'),
  ) as { series: { labels: Labels; samples: [number, number | 'NaN'][] }[] };
  return series.map(({ labels, samples }) => ({
    labels,
    samples: samples.map(([t, v]) => [t, Number(v)]),
  }));
}

/** Istio's metrics of a small mesh, and the fixture's series beside them. */
export function recordedSeries(): RecordedSeries[] {
  return [...EDGES.flatMap(requestSeries), ...tcpSeries(), ...fixtureSeries()];
}

/** The expressions of the sandbox's fixture. */
export function fixtureExpressions(): string[] {
  return readFileSync(join(FIXTURES, 'queries.txt'), 'utf8')
    .split('\n')
    .filter(line => line && !line.startsWith('#'));
}
