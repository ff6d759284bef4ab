import {
  buildRoute,
  buildSplit,
  reviewsServices,
} from './__fixtures__/reviewsSplit';
import { resolveRouteService } from '../routeTarget';
import { buildShiftIntent } from './buildShiftIntent';
import { resolveShiftableRoutes } from './resolveShiftableRoutes';
import { resolveVersionRows } from './resolveVersionRows';

const route = buildRoute();
const rows = resolveVersionRows(
  resolveShiftableRoutes(buildSplit())[0],
  buildSplit(),
);
const clusters = ['prod-eu'];

describe('buildShiftIntent', () => {
  it('names the route, the Service and every weight of the route', () => {
    expect(
      buildShiftIntent({
        route,
        services: reviewsServices,
        clusters,
        rows,
        weights: { v1: '70', v2: '30', v3: '0' },
      }),
    ).toEqual({
      ok: true,
      intent: {
        type: 'shiftTraffic',
        params: {
          clusters,
          namespace: 'catalog',
          service: 'reviews',
          route: {
            kind: 'VirtualService',
            namespace: 'catalog',
            name: 'reviews',
            fieldPath: 'http[0]',
          },
          weights: [
            { key: 'v1', weight: 70 },
            { key: 'v2', weight: 30 },
            { key: 'v3', weight: 0 },
          ],
        },
      },
    });
  });

  it('leaves out a version that is not in the route and gets nothing', () => {
    const result = buildShiftIntent({
      route,
      clusters,
      rows: rows.map(row => ({ ...row, inRoute: row.key !== 'v3' })),
      weights: { v1: '70', v2: '30', v3: '0' },
    });
    expect(result.ok && result.intent.params.weights).toHaveLength(2);
  });

  it('asks for new objects where no object routes the host', () => {
    const result = buildShiftIntent({
      route: buildRoute({ object: undefined, fieldPath: undefined }),
      services: reviewsServices,
      clusters,
      rows,
      weights: { v1: '70', v2: '30', v3: '0' },
    });
    expect(result.ok && result.intent.params.route).toBeUndefined();
  });

  it('says what the contract would refuse', () => {
    expect(
      buildShiftIntent({
        route,
        services: reviewsServices,
        clusters,
        rows,
        weights: { v1: '70', v2: '20', v3: '0' },
      }),
    ).toEqual({
      ok: false,
      problem: 'weights must sum to 100, the sum is 90.',
    });
  });
});

describe('resolveRouteService', () => {
  it('reads a full host, a short one, and refuses one without namespace', () => {
    expect(resolveRouteService(buildRoute())).toEqual({
      namespace: 'catalog',
      service: 'reviews',
    });
    expect(resolveRouteService(buildRoute({ host: 'ratings' }))).toEqual({
      namespace: 'catalog',
      service: 'ratings',
    });
    expect(
      resolveRouteService(buildRoute({ host: 'ratings', object: undefined })),
    ).toBeUndefined();
  });
});
