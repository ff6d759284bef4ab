import type { AffectedCaller } from '@istio-backstage/plugin-istio-common';
import { mergeCallers } from './presentCallers';

const caller = (
  workload: string,
  requestsPerSecond: number,
  entityRef?: string,
): AffectedCaller => ({
  workload,
  namespace: 'catalog',
  requestsPerSecond,
  movedBefore: requestsPerSecond / 10,
  movedAfter: requestsPerSecond / 5,
  ...(entityRef && { entityRef }),
});

describe('mergeCallers', () => {
  it('adds up the versions of a component, and keeps strangers apart', () => {
    const rows = mergeCallers([
      caller('stranger-v1', 5),
      caller('catalog-v1', 4, 'component:default/catalog'),
      caller('catalog-v2', 2, 'component:default/catalog'),
      caller('stranger-v2', 1),
    ]);
    expect(
      rows.map(row => [
        row.entityRef ?? row.workload,
        row.requestsPerSecond,
        row.movedAfter.toFixed(1),
      ]),
    ).toEqual([
      ['component:default/catalog', 6, '1.2'],
      ['stranger-v1', 5, '1.0'],
      ['stranger-v2', 1, '0.2'],
    ]);
  });
});
