import { snapshotOf } from '../../testUtils';
import { resolveThresholds } from './resolveThresholds';
import { DEFAULT_THRESHOLDS, KIALI_THRESHOLDS } from './thresholds';

const match = {
  workloads: [],
  services: [
    {
      cluster: 'prod-eu',
      namespace: 'payments',
      name: 'payments',
      host: 'payments.payments.svc.cluster.local',
      ports: [],
      why: 'test',
    },
  ],
};

function resolve(annotations: { namespace?: string; entity?: string }) {
  return resolveThresholds({
    configured: DEFAULT_THRESHOLDS,
    annotation: annotations.entity,
    match,
    snapshots: [
      snapshotOf([
        {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {
            name: 'payments',
            annotations: annotations.namespace
              ? { 'istio-portal.dev/health': annotations.namespace }
              : {},
          },
        },
      ]),
    ],
  });
}

describe('resolveThresholds', () => {
  it('is the configuration where nothing is annotated', () => {
    expect(resolve({})).toEqual({
      thresholds: DEFAULT_THRESHOLDS,
      problems: [],
    });
  });

  it('lays the namespace over the configuration, and the component over both', () => {
    const { thresholds } = resolve({
      namespace:
        '{"errors":{"degradedPercent":2,"failingPercent":20},"minimumRequests":10}',
      entity:
        '{"latencyP99Ms":{"degraded":300,"failing":1000},"minimumRequests":5}',
    });
    expect(thresholds).toEqual({
      ...DEFAULT_THRESHOLDS,
      errors: { degraded: 0.02, failing: 0.2 },
      latencyP99Ms: { degraded: 300, failing: 1000 },
      minimumRequests: 5,
      setBy: ['Namespace payments', 'the component'],
    });
  });

  it('starts from a preset that is named', () => {
    const { thresholds } = resolve({
      namespace: '{"minimumRequests":10}',
      entity: '{"preset":"kiali"}',
    });
    expect(thresholds).toMatchObject(KIALI_THRESHOLDS);
  });

  it.each([
    ['1 %', /must be JSON such as/],
    [
      '{"errors":{"degradedPercent":101,"failingPercent":200}}',
      /errors\.degradedPercent: .*100/,
    ],
    [
      '{"errors":{"degradedPercent":5,"failingPercent":1}}',
      /errors: degradedPercent must not be above failingPercent/,
    ],
    ['{"eror":1}', /Unrecognized key.*eror/],
  ])('passes over %s and says so', (entity, words) => {
    const { thresholds, problems } = resolve({ entity });
    expect(thresholds).toEqual(DEFAULT_THRESHOLDS);
    expect(problems).toEqual([expect.stringMatching(words)]);
    expect(problems[0]).toContain(
      'Annotation istio-portal.dev/health of the component is not used',
    );
  });
});
