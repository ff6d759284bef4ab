import { buildSnapshot } from '@istio-backstage/plugin-istio-common';
import type {
  MeshReader,
  TelemetryProvider,
  TelemetryStatus,
} from '@istio-backstage/plugin-istio-node';
import { ClusterStatuses } from './ClusterStatuses';

const AT = Date.parse('2026-07-14T14:32:00Z');

function describeCluster(
  state: 'fresh' | 'stale',
  metrics: TelemetryStatus = { state: 'fresh', asOf: AT },
) {
  const reader: Pick<MeshReader, 'clusters' | 'snapshot'> = {
    clusters: () => [{ name: 'eu', state, asOf: AT }],
    snapshot: () => undefined,
  };
  const telemetry: Pick<TelemetryProvider, 'status'> = {
    status: () => metrics,
  };
  return new ClusterStatuses({
    reader: reader as MeshReader,
    telemetry: telemetry as TelemetryProvider,
  }).describe(['eu'])[0].metrics;
}

describe('ClusterStatuses', () => {
  it('calls the metrics of a live cluster what their source says', () => {
    expect(describeCluster('fresh')).toEqual({
      state: 'fresh',
      asOf: '2026-07-14T14:32:00.000Z',
    });
  });

  it('does not call metrics fresh that nobody asks for, while the cluster does not answer', () => {
    expect(describeCluster('stale')).toEqual({
      state: 'stale',
      asOf: '2026-07-14T14:32:00.000Z',
      message: 'Not asked while the cluster does not answer',
    });
    expect(describeCluster('stale', { state: 'starting' }).state).toBe('stale');
  });

  it('misses what a mesh is made of, and cert-manager only where it may not be read', () => {
    const missing = (state: 'notInstalled' | 'failed') => {
      const freshness = { state, error: 'why' } as const;
      const reader: Pick<MeshReader, 'clusters' | 'snapshot'> = {
        clusters: () => [{ name: 'eu', state: 'fresh', asOf: AT }],
        snapshot: () =>
          buildSnapshot({
            cluster: 'eu',
            asOf: AT,
            objects: {},
            freshness: { Certificate: freshness, GRPCRoute: freshness },
          }),
      };
      const telemetry: Pick<TelemetryProvider, 'status'> = {
        status: () => ({ state: 'fresh' }),
      };
      return new ClusterStatuses({
        reader: reader as MeshReader,
        telemetry: telemetry as TelemetryProvider,
      })
        .describe(['eu'])[0]
        .missingKinds.map(({ kind }) => kind);
    };
    expect(missing('notInstalled')).toEqual(['GRPCRoute']);
    expect(missing('failed')).toEqual(['GRPCRoute', 'Certificate']);
  });
});
