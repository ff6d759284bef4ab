import { freshCluster, staleCluster } from '../__testUtils__/fixtures';
import {
  asSentence,
  metricsAsOf,
  objectsAsOf,
  unsaidErrors,
} from './presentFreshness';

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

  it('does not say twice that a cluster is silent', () => {
    const staging = { cluster: 'staging', message: 'no answer' };
    const kubernetes = { ...staging, source: 'kubernetes' as const };
    const prometheus = { ...staging, source: 'prometheus' as const };
    const errors = [kubernetes, prometheus];
    expect(
      unsaidErrors({ errors, clusters: [freshCluster, staleCluster] }),
    ).toEqual([prometheus]);
    expect(unsaidErrors({ errors, clusters: [freshCluster] })).toEqual(errors);
    expect(
      unsaidErrors({
        errors,
        clusters: [freshCluster],
        said: [{ ...prometheus }],
      }),
    ).toEqual([kubernetes]);
  });

  it('ends a message with one full stop', () => {
    expect(asSentence('connection reset')).toBe('connection reset.');
    expect(asSentence('Retry in 20 s. ')).toBe('Retry in 20 s.');
  });
});
