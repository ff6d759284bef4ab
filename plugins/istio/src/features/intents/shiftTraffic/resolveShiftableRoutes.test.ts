import { buildRoute, buildSplit } from './__fixtures__/reviewsSplit';
import { resolveInitialRoute } from '../resolveRouteOptions';
import {
  explainNothingShiftable,
  resolveShiftableRoutes,
} from './resolveShiftableRoutes';

const first = buildRoute();
const second = buildRoute({
  id: 'VirtualService/catalog/reviews/http[1]',
  fieldPath: 'http[1]',
  when: [
    [
      { text: 'Header ', literal: false },
      { text: 'x-beta', literal: true },
      { text: ' is present', literal: false },
    ],
  ],
});
const closed = buildRoute({
  id: 'HTTPRoute/catalog/reviews/rules[0]',
  shiftable: { possible: false, why: 'it has no weights to move' },
});

describe('resolveShiftableRoutes', () => {
  const split = buildSplit([first, second, closed]);
  const options = resolveShiftableRoutes(split);

  it('offers what can be edited, each with when and where', () => {
    expect(
      options.map(({ label, description }) => [label, description]),
    ).toEqual([
      [
        'VirtualService catalog/reviews http[0]',
        'any request, in prod-eu and prod-us',
      ],
      [
        'VirtualService catalog/reviews http[1]',
        'Header x-beta is present, in prod-eu and prod-us',
      ],
    ]);
  });

  it('opens with the asked route, else with the one the card shows', () => {
    expect(resolveInitialRoute(options, split, second.id)?.routes).toEqual([
      second,
    ]);
    expect(resolveInitialRoute(options, split)?.routes).toEqual([first]);
    expect(resolveInitialRoute(options, split, 'gone')?.routes).toEqual([
      first,
    ]);
  });

  it('keeps a rule together that differs between clusters in its weights only', () => {
    const other = {
      ...first,
      id: `${first.id}@staging`,
      clusters: ['staging'],
    };
    const both = resolveShiftableRoutes(
      buildSplit([{ ...first, id: `${first.id}@prod-eu,prod-us` }, other]),
    );
    expect(both).toHaveLength(1);
    expect(both[0].clusters).toEqual(['prod-eu', 'prod-us', 'staging']);
    // The card that opened the dialog still knows the rule by its id of before.
    expect(resolveInitialRoute(both, split, first.id)).toBe(both[0]);
    const elsewhere = { ...other, when: second.when };
    expect(resolveShiftableRoutes(buildSplit([first, elsewhere]))).toHaveLength(
      2,
    );
  });

  it('says why nothing can be shifted', () => {
    expect(explainNothingShiftable(buildSplit([closed]))).toEqual([
      'VirtualService catalog/reviews http[0]: it has no weights to move',
    ]);
  });
});
