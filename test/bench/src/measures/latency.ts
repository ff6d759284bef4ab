import { summarize } from '../report/percentiles';
import type { Figure } from '../types';
import type { BackendProcess, LoopUse } from '../world/BackendProcess';
import type { BenchWorld } from '../world/BenchWorld';
import type { PortalClient } from '../world/PortalClient';
import { atRate, oneByOne } from './paceRequests';
import { paths } from './views';
import { createPodChurn } from './createPodChurn';

const WARM_REQUESTS = 2_000;
/** Before that, so that code and caches are what they are in a portal that has been in use. */
const WARMING_REQUESTS = 1_000;
const PER_SECOND = 50;
const CHANGES_PER_SECOND = 5;
/** Every namespace of the generated world has so many components. */
const PER_NAMESPACE = 25;
const AIM = { value: 'p99', atMost: 25 };

/** How long answers take; the backend must be freshly started, because the first calls are measured too. */
export async function measureLatency(options: {
  world: BenchWorld;
  backend: BackendProcess;
  portal: PortalClient;
}): Promise<Figure[]> {
  const { world, portal } = options;
  return [
    ...(await measureCold(world, portal)),
    ...(await measureWarm(options)),
    ...(await measureOthers(options)),
  ];
}

async function measureCold(
  world: BenchWorld,
  portal: PortalClient,
): Promise<Figure[]> {
  const [{ entityRef: first }] = world.components;
  const others = world.components.filter(
    (_, index) => index > 0 && index % PER_NAMESPACE === 0,
  );
  return [
    await timeOnce('first call after the start', world, () =>
      portal.get(paths.mesh(first)),
    ),
    {
      what: `first call in each of ${others.length} more namespaces`,
      values: summarize(
        await oneByOne(others.length, index =>
          portal.get(paths.mesh(others[index].entityRef)),
        ),
      ),
      unit: 'ms',
    },
    await timeOnce('first call of the sparklines', world, () =>
      portal.get(paths.signals(first)),
    ),
    await timeOnce('first call of the list', world, () =>
      portal.get(paths.list()),
    ),
  ];
}

/** Beside the time, how much of it the sandbox computed: a real Prometheus has its own. */
async function timeOnce(
  what: string,
  world: BenchWorld,
  call: () => Promise<{ ms: number }>,
): Promise<Figure> {
  let ms = 0;
  const { busyMs, counts } = await world.sandbox.useDuring(async () => {
    ({ ms } = await call());
  });
  const queries = counts.queries + counts.rangeQueries;
  return {
    what,
    values: { once: ms },
    unit: 'ms',
    note: `${queries} Prometheus queries, over which the sandbox computed ${Math.round(
      busyMs,
    )} ms`,
  };
}

interface WarmCase {
  what: string;
  hasAim: boolean;
  run(count: number): Promise<number[]>;
}

async function measureWarm(options: {
  world: BenchWorld;
  backend: BackendProcess;
  portal: PortalClient;
}): Promise<Figure[]> {
  const { backend } = options;
  const results: Figure[] = [];
  for (const { what, hasAim, run } of warmCases(options)) {
    await run(WARMING_REQUESTS);
    await backend.loop();
    const values = summarize(await run(WARM_REQUESTS));
    results.push({
      what: `${WARM_REQUESTS} ${what}`,
      values,
      unit: 'ms',
      ...(hasAim && { aim: AIM }),
      note: describeLoop(await backend.loop()),
    });
  }
  return results;
}

function warmCases({
  world,
  portal,
}: {
  world: BenchWorld;
  portal: PortalClient;
}): WarmCase[] {
  const { components } = world;
  const step = Math.floor(components.length / 20);
  const mesh = (index: number) =>
    portal.get(paths.mesh(components[index].entityRef));
  const twenty = (count: number) =>
    atRate({ count, perSecond: PER_SECOND }, index =>
      mesh((index % 20) * step),
    );
  const churn = createPodChurn({ world, perSecond: CHANGES_PER_SECOND });
  return [
    {
      what: 'calls of one component, one by one',
      hasAim: true,
      run: count => oneByOne(count, () => mesh(0)),
    },
    {
      what: `calls of 20 components, ${PER_SECOND} per second`,
      hasAim: true,
      run: twenty,
    },
    {
      what: `the same while pods change, ${CHANGES_PER_SECOND} per second`,
      hasAim: false,
      run: count => churn(() => twenty(count)),
    },
    {
      what: `calls of all components, ${PER_SECOND} per second`,
      hasAim: false,
      run: count =>
        atRate({ count, perSecond: PER_SECOND }, index =>
          // A stride without common divisor, so that neighbours in time are not neighbours in the mesh.
          mesh((index * 37) % components.length),
        ),
    },
  ];
}

function describeLoop({ longestMs, cpuMs, waitedMs }: LoopUse): string {
  const perCall = (ms: number) => (ms / WARM_REQUESTS).toFixed(1);
  const waited =
    waitedMs === null
      ? ''
      : `, ${perCall(waitedMs)} ms of waiting for one that others used`;
  return `per call ${perCall(
    cpuMs,
  )} ms of processor${waited}; longest block of the event loop ${Math.round(
    longestMs,
  )} ms`;
}

async function measureOthers(options: {
  world: BenchWorld;
  portal: PortalClient;
}): Promise<Figure[]> {
  const { world, portal } = options;
  const [{ entityRef: first }] = world.components;
  const measured = async (
    what: string,
    count: number,
    path: (index: number) => string,
  ): Promise<Figure> => ({
    what: `${count} calls of ${what}, one by one`,
    values: summarize(await oneByOne(count, index => portal.get(path(index)))),
    unit: 'ms',
  });
  return [
    await measured('the sparklines', 500, () => paths.signals(first)),
    await measured('the list (50 rows)', 200, index =>
      paths.list((index % 10) * 50),
    ),
    await measured(
      `the same portal's catalog (one entity)`,
      500,
      () => `/api/catalog/entities/by-name/${first.replace(':', '/')}`,
    ),
    await measured(
      `the same portal's health page`,
      500,
      () => '/.backstage/health/v1/readiness',
    ),
  ];
}
