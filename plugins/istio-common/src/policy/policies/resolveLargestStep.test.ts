import type { Plan } from '../../changes/types';
import { resolveLargestStep } from './resolveLargestStep';

const rule = (...weights: (number | undefined)[]) =>
  weights.map(weight => ({ destination: { host: 'reviews' }, weight }));

const plan = (...edits: { before?: object; after: object }[]): Plan => ({
  hash: '',
  operations: edits.map(({ before, after }, index) => ({
    index,
    action: 'patch',
    object: {
      cluster: `c${index}`,
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      name: 'reviews',
    },
    before: before && { spec: before },
    after: { spec: after },
    diff: [],
    fieldManagers: [],
  })),
});

describe('resolveLargestStep', () => {
  it('takes the largest step of any cluster, opposite ones included', () => {
    const step = resolveLargestStep(
      plan(
        {
          before: { http: [{ route: rule(80, 20) }] },
          after: { http: [{ route: rule(50, 50) }] },
        },
        {
          before: { http: [{ route: rule(20, 80) }] },
          after: { http: [{ route: rule(50, 50) }] },
        },
      ),
    );
    expect(step).toBeCloseTo(0.3);
  });

  it('reads weights as shares, also of an HTTPRoute whose weights are unset', () => {
    const step = resolveLargestStep(
      plan({
        before: { rules: [{ backendRefs: [{ name: 'v1' }, { name: 'v2' }] }] },
        after: {
          rules: [
            {
              backendRefs: [
                { name: 'v1', weight: 90 },
                { name: 'v2', weight: 10 },
              ],
            },
          ],
        },
      }),
    );
    expect(step).toBeCloseTo(0.4);
  });

  it('sees the first share of a destination that is new', () => {
    const step = resolveLargestStep(
      plan({
        before: { http: [{ route: rule(100) }] },
        after: { http: [{ route: rule(75, 25) }] },
      }),
    );
    expect(step).toBeCloseTo(0.25);
  });

  it('knows a rule again where another one is put above it', () => {
    const base = { route: rule(80, 20) };
    const arm = (subset: string) => ({
      match: [{ headers: { 'x-beta': { exact: 'yes' } } }],
      route: [{ destination: { host: 'reviews', subset } }],
    });
    const step = (before: object[], after: object[]) =>
      resolveLargestStep(
        plan({ before: { http: before }, after: { http: after } }),
      );
    expect(step([base], [arm('v2'), base])).toBe(0);
    expect(step([arm('v2'), base], [base])).toBe(0);
    expect(step([arm('v2'), base], [arm('v3'), base])).toBe(1);
  });

  it('is 0 for what is created or carries no weights', () => {
    expect(
      resolveLargestStep(plan({ after: { http: [{ route: rule(10, 90) }] } })),
    ).toBe(0);
    expect(
      resolveLargestStep(
        plan({ before: { subsets: [] }, after: { subsets: [{ name: 'v2' }] } }),
      ),
    ).toBe(0);
  });
});
