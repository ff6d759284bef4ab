import type { MeshFinding } from '@istio-backstage/plugin-istio-common';
import { mergeClusters } from './mergeClusters';

const finding = (change: Partial<MeshFinding> = {}): MeshFinding => ({
  code: 'ISB0101',
  severity: 'warning',
  message: 'No gateway is named gone',
  object: {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    namespace: 'catalog',
    name: 'reviews',
  },
  path: 'spec.gateways[0]',
  equivalents: [],
  ...change,
});

const merge = (...found: [string, MeshFinding][]) =>
  mergeClusters(found.map(([cluster, one]) => ({ cluster, finding: one }))).map(
    ({ severity, message, clusters }) => [severity, message, ...clusters],
  );

describe('mergeClusters', () => {
  it('says once what several clusters say alike, worst first', () => {
    expect(
      merge(
        ['prod-eu', finding()],
        ['prod-us', finding()],
        ['prod-us', finding({ severity: 'error', message: 'Worse' })],
      ),
    ).toEqual([
      ['error', 'Worse', 'prod-us'],
      ['warning', 'No gateway is named gone', 'prod-eu', 'prod-us'],
    ]);
  });

  it('takes another served version of the kind for the same object', () => {
    const older = finding();
    older.object = {
      ...older.object,
      apiVersion: 'networking.istio.io/v1beta1',
    };
    expect(merge(['prod-eu', finding()], ['prod-us', older])).toHaveLength(1);
  });

  it.each<[string, Partial<MeshFinding>]>([
    ['other words', { message: 'No gateway is named lost' }],
    ['another field', { path: 'spec.gateways[1]' }],
    ['another proposal', { fix: { title: 'Remove it', patch: [] } }],
  ])('keeps %s apart', (_, change) => {
    expect(
      merge(['prod-eu', finding()], ['prod-us', finding(change)]),
    ).toHaveLength(2);
  });
});
