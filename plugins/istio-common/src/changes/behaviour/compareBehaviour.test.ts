import {
  matchReviews,
  reviewsWorld,
} from '../../mesh/traffic/reviewsWorld.testdata';
import type { KubeObject } from '../../resources/types';
import { kubeObject } from '../../testUtils/objects';
import { snapshotOf } from '../../testUtils/snapshots';
import { observation, requestsBothSides } from '../../testUtils/traffic';
import { planChange } from '../planChange';
import { compareBehaviour } from './compareBehaviour';

const reviews = { namespace: 'catalog', name: 'reviews' };
const toVersion = (subset: string, more: object = {}) => ({
  ...more,
  route: [{ destination: { host: 'reviews', subset } }],
});
const virtualService = (...http: object[]) =>
  kubeObject('VirtualService', reviews, { spec: { hosts: ['reviews'], http } });
const canary = { match: [{ headers: { 'x-canary': { exact: 'yes' } } }] };
const policy = (
  kind: 'PeerAuthentication' | 'AuthorizationPolicy',
  spec: object,
) => kubeObject(kind, reviews, { spec: spec as Record<string, unknown> });

/** What such objects instead of others make different in these clusters. */
function compare(options: {
  has?: KubeObject[];
  gets?: KubeObject[];
  loses?: KubeObject[];
  clusters?: string[];
}) {
  const { has = [], gets = [], loses = [], clusters = ['prod-eu'] } = options;
  const snapshots = clusters.map(cluster =>
    snapshotOf([...reviewsWorld(), ...has], { cluster }),
  );
  const plan = planChange({
    compiled: snapshots.map(snapshot => ({
      snapshot,
      desired: gets,
      removed: loses.map(object => snapshot.refOf(object)),
    })),
  });
  return compareBehaviour({
    plan,
    match: matchReviews(snapshots),
    snapshots,
    observations: clusters.map(cluster => ({
      ...observation(
        requestsBothSides(100, {
          from: 'catalog.catalog',
          to: 'reviews-v1.catalog@v1',
          service: 'reviews.catalog',
          cluster,
        }),
      ),
      cluster,
    })),
  }).map(
    ({ area, what, where, clusters: at, before, after }) =>
      `${area}: ${what}, ${where}: ${before.text} -> ${
        after.text
      } (${at.join()})`,
  );
}

describe('compareBehaviour', () => {
  it('tells timeout and retries of a rule, each once for clusters that are alike', () => {
    expect(
      compare({
        has: [virtualService(toVersion('v1'))],
        gets: [
          virtualService(
            toVersion('v1', {
              timeout: '5s',
              retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx' },
            }),
          ),
        ],
        clusters: ['prod-eu', 'prod-us'],
      }),
    ).toEqual([
      'resilience: Timeout, http[0]: None -> 5 s (prod-eu,prod-us)',
      'resilience: Retries, http[0]: 2 -> 3, each for at most 2 s (prod-eu,prod-us)',
    ]);
  });

  it('takes a rule for the same one when another is put above it', () => {
    expect(
      compare({
        has: [virtualService(toVersion('v1', { timeout: '5s' }))],
        gets: [
          virtualService(
            toVersion('v2', canary),
            toVersion('v1', { timeout: '5s' }),
          ),
        ],
      }),
    ).toEqual([
      'routes: Header x-canary is exactly yes, http[0] of VirtualService catalog/reviews: by the rules that are there -> v2 100 % (prod-eu)',
    ]);
  });

  it('tells a rule that goes', () => {
    expect(
      compare({
        has: [virtualService(toVersion('v2', canary), toVersion('v1'))],
        gets: [virtualService(toVersion('v1'))],
      }),
    ).toEqual([
      'routes: Header x-canary is exactly yes, http[0] of VirtualService catalog/reviews: v2 100 % -> by the rules that stay (prod-eu)',
    ]);
  });

  it('tells the circuit breaker of a destination', () => {
    const rule = (trafficPolicy: object) =>
      kubeObject('DestinationRule', reviews, {
        spec: { host: 'reviews', trafficPolicy },
      });
    expect(
      compare({
        has: [rule({})],
        gets: [rule({ outlierDetection: { consecutive5xxErrors: 3 } })],
      }),
    ).toContainEqual(
      expect.stringMatching(
        /^resilience: Circuit breaker, reviews, port \d+: None -> 3 failures in a row: out for 30 s/,
      ),
    );
  });

  it('tells encryption and access', () => {
    expect(
      compare({
        gets: [policy('PeerAuthentication', { mtls: { mode: 'STRICT' } })],
      }),
    ).toContainEqual(
      expect.stringMatching(
        /^encryption: Encryption, port \d+ of reviews-v1: encrypted or not \(PERMISSIVE\) -> only encrypted \(STRICT\)/,
      ),
    );
    expect(compare({ gets: [policy('AuthorizationPolicy', {})] })).toEqual([
      'access: Calls, from catalog/catalog: allowed -> denied (prod-eu)',
    ]);
  });

  it('says nothing of a plan that makes no difference', () => {
    const labelled = virtualService(toVersion('v1'));
    expect(
      compare({
        has: [virtualService(toVersion('v1'))],
        gets: [
          {
            ...labelled,
            metadata: { ...labelled.metadata, labels: { team: 'catalog' } },
          },
        ],
      }),
    ).toEqual([]);
  });
});
