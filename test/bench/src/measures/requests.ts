import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from '../types';
import type { BenchWorld } from '../world/BenchWorld';
import type { PortalClient } from '../world/PortalClient';
import type { SandboxUse } from '../world/SandboxProcess';
import { viewOverview } from './views';

const VIEWS = 100;
const COMPONENTS = 20;
const IDLE_MS = 30_000;
/** Beyond the time for which an answer is shared (istio.metrics.cacheSeconds, 10 s): 100 views over 100 s. */
const SLOW_PAUSE_MS = 1_000;

/** What page views cost the clusters and their Prometheus, counted there. */
export async function measureRequests(options: {
  world: BenchWorld;
  viewer: PortalClient;
  owner: PortalClient;
}): Promise<Figure[]> {
  const { world, viewer, owner } = options;
  const { sandbox, components } = world;
  const last = components.length - 1;
  const one = () => components[last].entityRef;
  // From different namespaces, and none that a measure before this one has warmed for the first time.
  const step = Math.floor(components.length / COMPONENTS);
  const spread = (index: number) =>
    components[last - 1 - (index % COMPONENTS) * step].entityRef;
  const cases: [string, PortalClient, (index: number) => string, number][] = [
    ['one component at once', viewer, one, 0],
    ['one component over 100 s', viewer, one, SLOW_PAUSE_MS],
    ['20 components at once', viewer, spread, 0],
    ['20 components over 100 s', viewer, spread, SLOW_PAUSE_MS],
    ['one component at once, by its owner', owner, one, 0],
    ['20 components at once, by their owner', owner, spread, 0],
  ];
  const figures = [
    toFigure(
      'nobody looks, 30 s',
      await sandbox.useDuring(() => pause(IDLE_MS)),
    ),
  ];
  for (const [what, portal, componentOf, pauseMs] of cases) {
    const startedAt = performance.now();
    const use = await sandbox.useDuring(async () => {
      for (let index = 0; index < VIEWS; index += 1) {
        await viewOverview(portal, componentOf(index));
        if (pauseMs > 0) await pause(pauseMs);
      }
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    figures.push({
      ...toFigure(`${VIEWS} views of ${what}`, use),
      aim: { value: 'Kubernetes', atMost: 0 },
      note: `in ${seconds} s${describeReviews(use)}`,
    });
  }
  return figures;
}

function toFigure(what: string, { counts }: SandboxUse): Figure {
  return {
    what,
    values: {
      Kubernetes: counts.otherKubernetes + counts.accessReviews,
      'on its own clock': counts.probes + counts.watches,
      'Prometheus instant': counts.queries,
      'Prometheus range': counts.rangeQueries,
    },
    unit: 'requests',
  };
}

function describeReviews({ counts }: SandboxUse): string {
  return counts.accessReviews > 0
    ? `; ${counts.accessReviews} of them ask whether the owner may change the component`
    : '';
}
