import fc from 'fast-check';
import type { KubeObject } from '../resources/types';
import { diffObjects } from './diffObjects';
import { formatYaml } from '../resources/formatYaml';

const virtualService = (weights: number[]): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {
    name: 'reviews',
    namespace: 'catalog',
    uid: 'u',
    resourceVersion: '1',
    generation: 4,
    managedFields: [{ manager: 'kubectl' }],
    annotations: { 'istio-portal.dev/change-id': '01J' },
  },
  spec: {
    hosts: ['reviews'],
    http: [
      {
        name: 'primary',
        route: weights.map((weight, index) => ({
          destination: { host: 'reviews', subset: `v${index + 1}` },
          weight,
        })),
        timeout: '5s',
        retries: { attempts: 3 },
      },
    ],
  },
  status: { conditions: [] },
});

const show = (lines: ReturnType<typeof diffObjects>) =>
  lines.map(
    ({ kind, text }) =>
      ({ context: '  ', added: '+ ', removed: '- ', gap: '~ ' }[kind] + text),
  );

describe('diffObjects', () => {
  it('shows a changed weight beside its destination', () => {
    expect(
      show(diffObjects(virtualService([80, 20]), virtualService([70, 30]))),
    ).toEqual([
      '~ 10 unchanged lines',
      '        route:',
      '          - destination: { host: reviews, subset: v1 }',
      '-           weight: 80',
      '+           weight: 70',
      '          - destination: { host: reviews, subset: v2 }',
      '-           weight: 20',
      '+           weight: 30',
      '        timeout: 5s',
      '        retries: { attempts: 3 }',
    ]);
  });

  it('shows an added destination', () => {
    const lines = diffObjects(
      virtualService([80, 20]),
      virtualService([80, 20, 0]),
    );
    expect(lines.filter(({ kind }) => kind === 'added')).toHaveLength(2);
    expect(lines.filter(({ kind }) => kind === 'removed')).toEqual([]);
  });

  it('has no lines for what only the server writes', () => {
    const other = virtualService([80, 20]);
    other.metadata.resourceVersion = '2';
    other.metadata.annotations = { 'istio-portal.dev/change-id': '01K' };
    other.status = { conditions: [{ type: 'Reconciled' }] };
    expect(diffObjects(virtualService([80, 20]), other)).toEqual([]);
  });

  it('shows creations and deletions whole', () => {
    const created = diffObjects(undefined, virtualService([100]));
    expect(created.every(({ kind }) => kind === 'added')).toBe(true);
    expect(
      diffObjects(virtualService([100]), undefined).map(({ text }) => text),
    ).toEqual(created.map(({ text }) => text));
  });

  it('keeps every line of both sides, in order', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(weights, weights, (one, other) => {
        const lines = diffObjects(virtualService(one), virtualService(other));
        const has = (kind: string) =>
          lines.filter(line => line.kind === kind).map(({ text }) => text);
        const count = (text: string, list: string[]) =>
          list.filter(each => each === text).length;
        const before = formatYaml(virtualService(one));
        const after = formatYaml(virtualService(other));
        for (const text of [...has('removed'), ...has('added')]) {
          expect(count(text, after) - count(text, before)).toBe(
            count(text, has('added')) - count(text, has('removed')),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
