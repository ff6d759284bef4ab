import { freshCluster, staleCluster } from '../__testUtils__/fixtures';
import { metricsAsOf, objectsAsOf } from './presentFreshness';

const older = {
  ...freshCluster,
  name: 'prod-us',
  asOf: '2026-07-14T14:31:50.000Z',
  metrics: { ...freshCluster.metrics, asOf: '2026-07-14T14:31:00.000Z' },
};

describe('presentFreshness', () => {
  it('takes the oldest of the clusters that answer', () => {
    const clusters = [freshCluster, older, staleCluster];
    expect(objectsAsOf(clusters)).toBe(older.asOf);
    expect(metricsAsOf(clusters)).toBe(older.metrics.asOf);
  });

  it('looks only at the clusters that were counted', () => {
    expect(objectsAsOf([freshCluster, older], ['prod-eu'])).toBe(
      freshCluster.asOf,
    );
  });

  it('says nothing when none answers', () => {
    expect(objectsAsOf([staleCluster])).toBeUndefined();
    expect(metricsAsOf([staleCluster])).toBeUndefined();
  });
});
