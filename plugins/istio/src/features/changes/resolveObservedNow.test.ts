import {
  buildRoute,
  buildSplit,
  destination,
} from '../intents/shiftTraffic/__fixtures__/reviewsSplit';
import { buildChange } from './__fixtures__/changes';
import { resolveObservedNow } from './resolveObservedNow';

describe('resolveObservedNow', () => {
  it('takes the route that the change edited', () => {
    const other = buildRoute({
      id: 'other',
      object: { ...buildRoute().object!, name: 'other' },
      destinations: [destination('v1', 0.1), destination('v2', 0.9)],
    });
    const split = buildSplit([other, buildRoute()]);
    expect(resolveObservedNow(buildChange(), split)).toEqual(
      new Map([
        ['v1', 0.8],
        ['v2', 0.2],
        ['v3', 0],
      ]),
    );
  });

  it('does not give one cluster’s share for all', () => {
    const split = buildSplit([buildRoute({ clusters: ['prod-eu'] })]);
    expect(resolveObservedNow(buildChange(), split).size).toBe(0);
  });

  it('knows nothing without a split or without that route', () => {
    expect(resolveObservedNow(buildChange(), undefined).size).toBe(0);
    expect(resolveObservedNow(buildChange(), buildSplit([])).size).toBe(0);
  });
});
