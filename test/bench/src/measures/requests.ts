import { setTimeout as pause } from 'node:timers/promises';
import type { Figure } from '../types';
import type { BenchWorld } from '../world/BenchWorld';
import type { PortalClient } from '../world/PortalClient';
import type { SandboxUse } from '../world/SandboxProcess';
import { viewAndTurnToActions, viewOverview } from './views';

const VIEWS = 100;
const COMPONENTS = 20;
const IDLE_MS = 30_000;
/** Beyond the time for which an answer is shared (istio.metrics.cacheSeconds, 10 s): 100 views over 100 s. */
const SLOW_PAUSE_MS = 1_000;

/** So many views, one after another. */
interface Case {
  what: string;
  componentOf: (index: number) => string;
  /** Default: none. */
  pauseMs?: number;
  /** Default: somebody who may only read. */
  portal?: PortalClient;
  view?: typeof viewOverview;
}

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
  const cases: Case[] = [
    { what: 'one component at once', componentOf: one },
    {
      what: 'one component over 100 s',
      componentOf: one,
      pauseMs: SLOW_PAUSE_MS,
    },
    { what: '20 components at once', componentOf: spread },
    {
      what: '20 components over 100 s',
      componentOf: spread,
      pauseMs: SLOW_PAUSE_MS,
    },
    {
      what: '20 components at once, by their owner',
      componentOf: spread,
      portal: owner,
    },
    {
      what: '20 components at once, by their owner who turns to the actions',
      componentOf: spread,
      portal: owner,
      view: viewAndTurnToActions,
    },
  ];
  const figures = [
    toFigure(
      'nobody looks, 30 s',
      await sandbox.useDuring(() => pause(IDLE_MS)),
    ),
  ];
  for (const each of cases) {
    const { what, componentOf, pauseMs = 0 } = each;
    const { portal = viewer, view = viewOverview } = each;
    const startedAt = performance.now();
    const use = await sandbox.useDuring(async () => {
      for (let index = 0; index < VIEWS; index += 1) {
        await view(portal, componentOf(index));
        if (pauseMs > 0) await pause(pauseMs);
      }
    });
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    figures.push({
      ...toFigure(`${VIEWS} views of ${what}`, use),
      ...(view === viewOverview && {
        aim: { value: 'Kubernetes', atMost: 0 },
      }),
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
