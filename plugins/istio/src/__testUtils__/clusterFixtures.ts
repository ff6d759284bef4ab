import type { ClusterStatus } from '@istio-backstage/plugin-istio-common';

/** The moment all fixtures show. */
export const FIXTURE_NOW = Date.parse('2026-07-14T14:32:00Z');

/** ISO time some seconds before that moment. */
export const at = (secondsAgo: number) =>
  new Date(FIXTURE_NOW - secondsAgo * 1000).toISOString();

/** A cluster that answers, with fresh metrics. */
export const freshCluster: ClusterStatus = {
  name: 'prod-eu',
  state: 'fresh',
  asOf: at(4),
  istioVersion: '1.31.0',
  metrics: { state: 'fresh', asOf: at(22) },
  missingKinds: [],
};

/** A cluster that answered once and does not now. */
export const staleCluster: ClusterStatus = {
  name: 'staging',
  state: 'stale',
  asOf: at(420),
  istioVersion: '1.31.0',
  message: 'The API server does not answer since 14:25. Retry in 20 s.',
  metrics: { state: 'unreachable', message: 'connect ECONNREFUSED' },
  missingKinds: [],
};

/** The two clusters of production, both fresh. */
export const clusters: ClusterStatus[] = [
  freshCluster,
  {
    ...freshCluster,
    name: 'prod-us',
    asOf: at(6),
    metrics: { state: 'fresh', asOf: at(24) },
  },
];
