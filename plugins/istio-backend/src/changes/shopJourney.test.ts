import { TestDatabases } from '@backstage/backend-test-utils';
import { startSandbox, type RunningSandbox } from '@istio-backstage/sandbox';
import { ClusterRegistry } from '../clusters/ClusterRegistry';
import { InformerCache } from '../clusters/InformerCache';
import { KubernetesMeshWriter } from '../clusters/KubernetesMeshWriter';
import { waitFor } from '../clusters/testing/waitFor';
import { PrometheusTelemetryProvider } from '../telemetry/PrometheusTelemetryProvider';
import { ChangeHarness, REVIEWS } from './__testUtils__/ChangeHarness';
import { shiftReviews } from './__testUtils__/shiftReviews';

jest.setTimeout(120_000);

const CLUSTERS = ['prod-eu', 'prod-us'];

/** The plugin's own adapters over the demo's world, Prometheus included. */
async function openShop(sandbox: RunningSandbox) {
  const registry = await ClusterRegistry.create({
    supplier: {
      listClusters: async () =>
        sandbox.clusters.map(({ name, url }) => ({
          name,
          url,
          token: 'sandbox-portal',
        })),
    },
    settings: [],
  });
  const reader = InformerCache.create({ registry });
  reader.start();
  await waitFor(() => {
    for (const { name } of sandbox.clusters) {
      const snapshot = reader.snapshot(name);
      if (snapshot?.freshness.VirtualService.state !== 'synced') {
        throw new Error(`${name} is not read yet`);
      }
    }
  }, 20_000);
  return {
    reader,
    writer: KubernetesMeshWriter.create({
      clients: registry.clients(),
      version: '0.0.0-test',
    }),
    source: PrometheusTelemetryProvider.create({
      clusters: sandbox.clusters.map(({ name, prometheusUrl }) => ({
        name,
        prometheus: {
          url: prometheusUrl,
          scrapeIntervalSeconds: 5,
          headers: {},
        },
      })),
      cacheSeconds: 1,
      timeoutSeconds: 5,
    }),
  };
}

describe('the shop, end to end in the backend', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let sandbox: RunningSandbox;
  let stop = async () => {};

  beforeAll(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: CLUSTERS });
  });

  afterAll(async () => {
    await stop();
    await sandbox.close();
  });

  it('shifts 20 %, sees traffic follow, and brings the object back as it was', async () => {
    const mesh = await openShop(sandbox);
    const harness = await ChangeHarness.create({
      mesh,
      knex: await databases.init('SQLITE_3'),
      source: mesh.source,
      times: { verifySeconds: 1 },
    });
    stop = async () => {
      await harness.stop();
      mesh.reader.stop();
    };
    harness.start();
    const routeIn = (name: string) =>
      sandbox.clusters
        .find(each => each.name === name)!
        .cluster.kubernetes.store.get('virtualservices.networking.istio.io', {
          namespace: 'catalog',
          name: 'reviews',
        })!;
    const before = CLUSTERS.map(routeIn);

    const preview = await harness.service.preview(
      { entityRef: REVIEWS, intent: shiftReviews([60, 40, 0], CLUSTERS) },
      harness.as('mira.kovac'),
    );
    expect(preview.apply).toEqual({ allowed: true, reasons: [] });
    expect(preview.title).toBe('reviews: v2 from 20 to 40 %');
    expect(preview.callers.length).toBeGreaterThan(0);
    const [v1] = preview.versions;
    expect(v1.requestsPerSecondBefore).toBeGreaterThan(1);
    expect(v1.requestsPerSecondAfter).toBeLessThan(
      v1.requestsPerSecondBefore ?? 0,
    );
    expect(Math.abs((v1.observed ?? 0) - 0.8)).toBeLessThan(0.05);

    const change = await harness.shift([60, 40, 0], { clusters: CLUSTERS });
    expect(change.state).toBe('applied');
    const verified = await harness.reaches(change.id, 'verified', 60_000);
    expect(verified.events.at(-1)?.text).toMatch(
      /^Seen in traffic: v2 (3[5-9]|4[0-5])\.\d %$/,
    );

    // A second change, taken back first: then the first one can be.
    const second = await harness.shift([50, 50, 0], { clusters: CLUSTERS });
    await harness.revert(second.id);
    // What can be reverted is told from the cache, which hears of it a moment later.
    await waitFor(async () =>
      expect((await harness.get(change.id)).revert.possible).toBe(true),
    );
    const revert = await harness.revert(change.id);
    expect(revert.state).toBe('applied');
    CLUSTERS.map(routeIn).forEach((after, index) => {
      expect(after.spec).toEqual(before[index].spec);
      expect(after.metadata.labels).toEqual(before[index].metadata.labels);
      const annotations = Object.entries(
        after.metadata.annotations ?? {},
      ).filter(([key]) => !key.startsWith('istio-portal.dev/'));
      expect(Object.fromEntries(annotations)).toEqual(
        before[index].metadata.annotations,
      );
    });
  });

  it('lets viewers look and not change', async () => {
    const mesh = await openShop(sandbox);
    const harness = await ChangeHarness.create({
      mesh,
      knex: await databases.init('SQLITE_3'),
      source: mesh.source,
    });
    const { apply } = await harness.service.preview(
      { entityRef: REVIEWS, intent: shiftReviews([60, 40, 0]) },
      harness.as('vera.lind'),
    );
    mesh.reader.stop();
    expect(apply.allowed).toBe(false);
    expect(apply.reasons[0]).toMatch(/^vera\.lind may not patch/);
  });
});
