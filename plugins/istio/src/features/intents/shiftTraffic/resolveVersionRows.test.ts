import type { TrafficRoute } from '@istio-backstage/plugin-istio-common';
import {
  buildRoute,
  buildSplit,
  buildVersion,
  destination,
} from './__fixtures__/reviewsSplit';
import { resolveShiftableRoutes } from './resolveShiftableRoutes';
import {
  differsFromToday,
  presentDifferences,
  resolveRouteRate,
  resolveVersionRows,
  roundToPercents,
} from './resolveVersionRows';

const optionOf = (...routes: TrafficRoute[]) =>
  resolveShiftableRoutes(buildSplit(routes))[0];

describe('roundToPercents', () => {
  it.each([
    [
      [1 / 3, 1 / 3, 1 / 3],
      [34, 33, 33],
    ],
    [
      [0.29, 0.71],
      [29, 71],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ])('makes %p whole percents', (shares, expected) => {
    expect(roundToPercents(shares)).toEqual(expected);
  });
});

describe('resolveVersionRows', () => {
  it('puts versions the route does not name after its own', () => {
    const route = buildRoute({
      destinations: [destination('v1', 0.8), destination('v2', 0.2)],
    });
    const rows = resolveVersionRows(optionOf(route), buildSplit([route]));
    expect(rows.map(row => [row.key, row.todayPercent, row.inRoute])).toEqual([
      ['v1', 80, true],
      ['v2', 20, true],
      ['v3', 0, false],
    ]);
  });

  it('does not list a version twice that the route names by its Service', () => {
    const route = buildRoute({
      destinations: [
        {
          ...destination('v1', 1),
          key: 'reviews-v1',
          subset: undefined,
          version: 'v1',
        },
      ],
    });
    const split = { ...buildSplit([route]), versions: [buildVersion('v1')] };
    expect(
      resolveVersionRows(optionOf(route), split).map(row => row.key),
    ).toEqual(['reviews-v1']);
  });

  it('leaves out a version of other clusters', () => {
    const route = buildRoute({ destinations: [destination('v1', 1)] });
    const split = {
      ...buildSplit([route]),
      versions: [{ ...buildVersion('v9'), clusters: ['staging'] }],
    };
    expect(resolveVersionRows(optionOf(route), split)).toHaveLength(1);
  });
});

describe('where no object routes', () => {
  it('starts from the pods, and takes rates from what was observed', () => {
    const route = buildRoute({
      object: undefined,
      destinations: [
        { ...destination('v1', 0.625), observed: 0.66 },
        { ...destination('v2', 0.375), observed: 0.34 },
      ],
    });
    const rows = resolveVersionRows(optionOf(route), {
      ...buildSplit([route]),
      versions: [],
    });
    expect(rows.map(row => [row.today, row.todayPercent, row.now])).toEqual([
      [0.625, 63, 0.66],
      [0.375, 37, 0.34],
    ]);
  });
});

describe('resolveRouteRate', () => {
  it('is what the destinations took per second', () => {
    expect(resolveRouteRate(optionOf(buildRoute()), buildSplit())).toBeCloseTo(
      24,
    );
  });

  it('is unknown when nothing was observed, not zero', () => {
    const route = buildRoute({
      destinations: [{ ...destination('v1', 1), observedRequests: undefined }],
    });
    expect(
      resolveRouteRate(optionOf(route), buildSplit([route])),
    ).toBeUndefined();
  });
});

describe('a rule whose weights differ between clusters', () => {
  const two = buildRoute({
    id: 'VirtualService/catalog/reviews/http[0]@prod-us,staging',
    clusters: ['prod-us', 'staging'],
    destinations: [destination('v1', 0.8), destination('v2', 0.2)],
  });
  const one = buildRoute({
    id: 'VirtualService/catalog/reviews/http[0]@prod-eu',
    clusters: ['prod-eu'],
    destinations: [destination('v1', 0.5), destination('v2', 0.5)],
  });
  const option = optionOf(two, one);
  const split = { ...buildSplit([two, one]), versions: [] };
  const rows = resolveVersionRows(option, split);

  it('stays one rule, and starts from what most of its clusters have', () => {
    expect(option.clusters).toEqual(['prod-us', 'staging', 'prod-eu']);
    expect(rows.map(row => row.todayPercent)).toEqual([80, 20]);
    expect(rows[0].observed).toBeUndefined();
    expect(resolveRouteRate(option, split)).toBeUndefined();
  });

  it('says what each cluster has', () => {
    expect(presentDifferences(option, rows)).toBe(
      'prod-us and staging have 80 / 20, prod-eu has 50 / 50',
    );
    expect(presentDifferences(optionOf(two), rows)).toBeUndefined();
  });

  it('takes what one cluster has already for a change in the others', () => {
    const asked: Record<string, number> = { v1: 80, v2: 20 };
    expect(differsFromToday(option, key => asked[key])).toBe(true);
    expect(differsFromToday(optionOf(two), key => asked[key])).toBe(false);
  });
});
