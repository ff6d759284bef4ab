import {
  buildRoute,
  buildSplit,
  buildVersion,
  destination,
} from './__fixtures__/reviewsSplit';
import {
  resolveRouteRate,
  resolveVersionRows,
  roundToPercents,
} from './resolveVersionRows';

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
    const rows = resolveVersionRows(route, buildSplit([route]));
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
    expect(resolveVersionRows(route, split).map(row => row.key)).toEqual([
      'reviews-v1',
    ]);
  });

  it('leaves out a version of other clusters', () => {
    const route = buildRoute({ destinations: [destination('v1', 1)] });
    const split = {
      ...buildSplit([route]),
      versions: [{ ...buildVersion('v9'), clusters: ['staging'] }],
    };
    expect(resolveVersionRows(route, split)).toHaveLength(1);
  });
});

describe('resolveRouteRate', () => {
  it('is what the destinations took per second', () => {
    expect(resolveRouteRate(buildRoute(), buildSplit())).toBeCloseTo(24);
  });

  it('is unknown when nothing was observed, not zero', () => {
    const route = buildRoute({
      destinations: [{ ...destination('v1', 1), observedRequests: undefined }],
    });
    expect(resolveRouteRate(route, buildSplit([route]))).toBeUndefined();
  });
});
