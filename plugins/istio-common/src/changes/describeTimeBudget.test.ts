import {
  matchReviews,
  reviewsWorld,
} from '../mesh/traffic/reviewsWorld.testdata';
import { deployment, kubeObject, service } from '../testUtils/objects';
import { snapshotOf } from '../testUtils/snapshots';
import { observation, requestsBothSides } from '../testUtils/traffic';
import { describeTimeBudget } from './describeTimeBudget';

const within = (name: string, timeout: string) =>
  kubeObject(
    'VirtualService',
    { namespace: 'catalog', name },
    {
      spec: {
        hosts: [name],
        http: [{ route: [{ destination: { host: name } }], timeout }],
      },
    },
  );

const calls = (from: string, to: string) =>
  requestsBothSides(100, {
    from,
    to: `${to}-v1.catalog`,
    service: `${to}.catalog`,
  });

function budget(requests: ReturnType<typeof calls>) {
  const snapshot = snapshotOf([
    ...reviewsWorld(),
    service({ namespace: 'catalog', name: 'catalog' }),
    service({ namespace: 'catalog', name: 'ratings' }),
    ...deployment({
      namespace: 'catalog',
      name: 'catalog-v1',
      labels: { app: 'catalog' },
      replicas: 1,
    }),
    within('catalog', '5s'),
    within('reviews', '2s'),
  ]);
  return describeTimeBudget({
    snapshot,
    match: matchReviews([snapshot]),
    observation: observation(requests),
  })
    ?.map(({ text }) => text)
    .join('');
}

describe('describeTimeBudget', () => {
  it('tells the limits from the callers on down', () => {
    expect(
      budget([
        ...calls('catalog-v1.catalog', 'reviews'),
        ...calls('reviews-v1.catalog', 'ratings'),
      ]),
    ).toBe(
      'Time limits along the path of calls: catalog within 5 s, reviews within 2 s, ratings without limit.',
    );
  });

  it('says nothing where no call was seen', () => {
    expect(budget([])).toBeUndefined();
  });
});
