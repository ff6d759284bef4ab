import { MemoryMeshReader } from '@istio-backstage/plugin-istio-node/testUtils';
import type { TrafficObservation } from '@istio-backstage/plugin-istio-common';
import { virtualService } from '@istio-backstage/plugin-istio-common/testUtils';
import { ClusterAnalyses } from './ClusterAnalyses';

const NO_TRAFFIC: TrafficObservation = {
  cluster: 'prod-eu',
  window: { to: 0, seconds: 300 },
  requests: [],
  tcp: [],
  latency: [],
};

const NO_CERTIFICATES = { readings: [] };

function setUp(options: { error?: string; silent?: boolean } = {}) {
  const clock = { now: 0 };
  const observed = {
    answer: {
      ...NO_TRAFFIC,
      ...(options.error !== undefined && { error: options.error }),
    },
  };
  const observe = jest.fn(async () => observed.answer);
  const reader = new MemoryMeshReader().addCluster('prod-eu', [
    virtualService({
      namespace: 'catalog',
      name: 'reviews',
      spec: { hosts: ['reviews'], gateways: ['gone'] },
    }),
  ]);
  const analyses = new ClusterAnalyses({
    reader,
    telemetry: { observe },
    certificates: { of: async () => NO_CERTIFICATES },
    isCurrent: () => !options.silent,
    now: () => clock.now,
  });
  const skipped = async () =>
    (await analyses.of('prod-eu'))!.result.skipped.map(({ reason }) => reason);
  return { analyses, observe, observed, reader, clock, skipped };
}

describe('ClusterAnalyses', () => {
  it('asks rules about traffic where traffic was measured', async () => {
    const { skipped, observe } = setUp();
    expect(await skipped()).not.toContain('no observed traffic');
    expect(observe).toHaveBeenCalledWith({ cluster: 'prod-eu', seconds: 300 });
  });

  it('is made once for all who ask meanwhile, and of the cluster as it is then', async () => {
    const { analyses, reader } = setUp();
    const first = analyses.of('prod-eu');
    const second = analyses.of('prod-eu');
    reader.apply(
      'prod-eu',
      virtualService({
        namespace: 'catalog',
        name: 'ratings',
        spec: { hosts: ['ratings'], gateways: ['gone too'] },
      }),
    );
    const [one, two] = await Promise.all([first, second]);
    expect(two!.result).toBe(one!.result);
    expect(
      one!.result.findings
        .filter(({ code }) => code === 'ISB0101')
        .map(({ object }) => object.name),
    ).toEqual(['ratings', 'reviews']);
  });

  it.each([
    ['the source failed', { error: 'no answer' }],
    ['the cluster does not answer', { silent: true }],
  ])('never takes no measurement for no traffic: %s', async (_, options) => {
    const { skipped, analyses } = setUp(options);
    const rulesAboutTraffic = (await skipped()).filter(
      reason => reason === 'no observed traffic',
    );
    const other = await setUp().skipped();
    expect((await skipped()).length - other.length).toBe(
      rulesAboutTraffic.length,
    );
    expect((await analyses.of('prod-eu'))!.result.findings).not.toEqual([]);
  });

  it('computes nothing anew while objects, traffic and the minute are the same', async () => {
    const { analyses, clock, reader } = setUp();
    const first = (await analyses.of('prod-eu'))!.result;
    clock.now = 59_000;
    expect((await analyses.of('prod-eu'))!.result).toBe(first);
    clock.now = 60_000;
    expect((await analyses.of('prod-eu'))!.result.findings).toEqual(
      first.findings,
    );
    reader.apply(
      'prod-eu',
      virtualService({
        namespace: 'catalog',
        name: 'reviews',
        spec: { hosts: ['reviews'], gateways: ['mesh'] },
      }),
    );
    const after = (await analyses.of('prod-eu'))!.result.findings;
    expect(after.map(({ code }) => code)).not.toContain('ISB0101');
  });

  it('knows nothing of a cluster that was never read', async () => {
    const { analyses, observe } = setUp();
    expect(await analyses.of('staging')).toBeUndefined();
    expect(observe).not.toHaveBeenCalled();
  });
});
