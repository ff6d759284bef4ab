import type { AffectedCaller, Plan } from '../../changes/types';
import { snapshotOf } from '../../testUtils';
import { deployment } from '../../testUtils/objects';
import type { PolicyInput } from '../types';
import { reachOfRules } from './reachOfRules';

const callers = [
  { namespace: 'catalog', workload: 'catalog-v1' },
  { namespace: 'storefront', workload: 'storefront' },
] as AffectedCaller[];

function reach(match: object[], before: object[] = []) {
  const base = { route: [{ destination: { host: 'reviews' } }] };
  const arm = (list: object[]) =>
    list.length > 0 ? [{ match: list, route: base.route }] : [];
  const plan = {
    operations: [
      {
        before: { spec: { http: [...arm(before), base] } },
        after: { spec: { http: [...arm(match), base] } },
      },
    ],
  } as unknown as Plan;
  const found = reachOfRules({
    plan,
    snapshots: [
      snapshotOf(
        deployment({
          namespace: 'catalog',
          name: 'catalog-v1',
          labels: { app: 'catalog' },
          replicas: 1,
        }),
      ),
    ],
    assessment: { callers, versions: [], observedSeconds: 300 },
  } as unknown as PolicyInput);
  return (
    found && {
      callers: found.callers.map(({ workload }) => workload),
      isPartlyUnknown: found.isPartlyUnknown,
    }
  );
}

describe('reachOfRules', () => {
  it.each([
    ['a path', [{ uri: { prefix: '/new' } }], ['catalog-v1', 'storefront']],
    ['a namespace', [{ sourceNamespace: 'storefront' }], ['storefront']],
    ['labels', [{ sourceLabels: { app: 'catalog' } }], ['catalog-v1']],
  ])('names the callers that %s may take', (_, match, expected) => {
    const known = { callers: expected, isPartlyUnknown: false };
    expect(reach(match)).toEqual(known);
    // Its end moves the same requests back.
    expect(reach([], match)).toEqual(known);
  });

  it('does not know whose requests carry a mark', () => {
    const header = { headers: { 'x-beta': { exact: 'yes' } } };
    expect(reach([header])).toEqual({ callers: [], isPartlyUnknown: true });
    expect(reach([header], [header])).toBeUndefined();
  });
});
