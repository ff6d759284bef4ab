import {
  compareMemory,
  measureMemoryWithout,
  measureMemoryWithPlugin,
} from './measures/memory';
import { measureAnalyze } from './measures/analyze';
import { measureAudit } from './measures/audit';
import { measureEvents } from './measures/events';
import { measureLatency } from './measures/latency';
import { measureMesh } from './measures/mesh';
import { measureRequests } from './measures/requests';
import type { BenchOptions, MeasureName } from './options';
import { currentLoad } from './report/machine';
import type { Figure, Section } from './types';
import type { BackendProcess, MemoryUse } from './world/BackendProcess';
import { BenchWorld } from './world/BenchWorld';
import { OWNER, VIEWER } from './world/createWorldFiles';
import { PortalClient } from './world/PortalClient';

const TITLES: Record<MeasureName, string> = {
  analyze: 'Analysis of files',
  audit: 'The audit log',
  mesh: 'The core over a large mesh',
  latency: 'Latency of the API over HTTP',
  requests: 'Requests to cluster and Prometheus',
  events: 'From a change in the cluster to the answer that shows it',
  memory: 'Memory of the backend',
};

/** Measures that need no world of services. */
const WITHOUT_PORTAL: readonly MeasureName[] = ['analyze', 'audit', 'mesh'];

type Bench = BenchOptions & {
  say: (line: string) => void;
  report: (section: Section) => void;
};

/** Measures what is asked for, and reports each section when it is done. */
export async function runBench(options: Bench): Promise<void> {
  const { only, analyzedServices } = options;
  await measureSection('analyze', options, () =>
    measureAnalyze(analyzedServices),
  );
  await measureSection('audit', options, () =>
    measureAudit({
      entries: options.auditEntries,
      postgres: options.postgres,
    }),
  );
  await measureSection('mesh', options, async () =>
    measureMesh(analyzedServices),
  );
  if (only.some(name => !WITHOUT_PORTAL.includes(name))) {
    await measurePortal(options);
  }
}

async function measureSection(
  name: MeasureName,
  { only, say, report }: Bench,
  measure: () => Promise<Figure[]>,
): Promise<void> {
  if (!only.includes(name)) return;
  say(`Measuring: ${TITLES[name]}.`);
  const before = currentLoad();
  const figures = await measure();
  const load = { before, after: currentLoad() };
  report({ name, title: TITLES[name], load, figures });
}

/** Builds the world, looks at it through a portal, takes it down. */
async function measurePortal(options: Bench): Promise<void> {
  const { services, podsPerService, say } = options;
  say(`A world of ${services} services and ${services * podsPerService} pods.`);
  const world = await BenchWorld.create({ services, podsPerService });
  try {
    say(`The catalog reads ${services} components.`);
    await world.fillCatalog();
    await measureAll(world, options);
  } finally {
    world.close();
  }
}

async function measureAll(world: BenchWorld, options: Bench): Promise<void> {
  const { only } = options;
  const section = (name: MeasureName, measure: () => Promise<Figure[]>) =>
    measureSection(name, options, measure);
  let withPlugin: MemoryUse | undefined;
  await world.withBackend({ withPlugin: true }, async backend => {
    const [viewer, owner] = await signInBoth(backend);
    await world.clusterRead(viewer);
    const use = { world, backend, portal: viewer };
    await section('latency', () => measureLatency(use));
    await section('requests', () => measureRequests({ world, viewer, owner }));
    await section('events', () => measureEvents(use));
    if (only.includes('memory')) {
      withPlugin = await measureMemoryWithPlugin(use);
    }
    viewer.close();
    owner.close();
  });
  await section('memory', () =>
    world.withBackend({ withPlugin: false }, async backend => {
      const [portal] = await signInBoth(backend);
      const without = await measureMemoryWithout({ world, backend, portal });
      portal.close();
      if (!withPlugin) throw new Error('The plugin was not measured before');
      return compareMemory({ withPlugin, without });
    }),
  );
}

function signInBoth(
  backend: BackendProcess,
): Promise<[PortalClient, PortalClient]> {
  const signIn = (person: string) =>
    PortalClient.signIn(backend.address, person);
  return Promise.all([signIn(VIEWER), signIn(OWNER)]);
}
