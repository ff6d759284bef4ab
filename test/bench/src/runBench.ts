import {
  compareMemory,
  measureMemoryWithout,
  measureMemoryWithPlugin,
} from './measures/memory';
import { measureEvents } from './measures/events';
import { measureLatency } from './measures/latency';
import { measureRequests } from './measures/requests';
import type { BenchOptions, MeasureName } from './options';
import { currentLoad } from './report/machine';
import type { Figure, Section } from './types';
import type { BackendProcess, MemoryUse } from './world/BackendProcess';
import { BenchWorld } from './world/BenchWorld';
import { OWNER, VIEWER } from './world/createWorldFiles';
import { PortalClient } from './world/PortalClient';

const TITLES: Record<MeasureName, string> = {
  latency: 'Latency of the API over HTTP',
  requests: 'Requests to cluster and Prometheus',
  events: 'From a change in the cluster to the answer that shows it',
  memory: 'Memory of the backend',
};

/** Builds the world, measures what is asked for, takes the world down. `report` gets each section when it is done. */
export async function runBench(
  options: BenchOptions & {
    say: (line: string) => void;
    report: (section: Section) => void;
  },
): Promise<void> {
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

async function measureAll(
  world: BenchWorld,
  options: Parameters<typeof runBench>[0],
): Promise<void> {
  const { only, say, report } = options;
  const wants = (name: MeasureName) => only.includes(name);
  const section = async (
    name: MeasureName,
    measure: () => Promise<Figure[]>,
  ) => {
    if (!wants(name)) return;
    say(`Measuring: ${TITLES[name]}.`);
    const before = currentLoad();
    const figures = await measure();
    const load = { before, after: currentLoad() };
    report({ name, title: TITLES[name], load, figures });
  };
  let withPlugin: MemoryUse | undefined;
  await world.withBackend({ withPlugin: true }, async backend => {
    const [viewer, owner] = await signInBoth(backend);
    await world.clusterRead(viewer);
    const use = { world, backend, portal: viewer };
    await section('latency', () => measureLatency(use));
    await section('requests', () => measureRequests({ world, viewer, owner }));
    await section('events', () => measureEvents(use));
    if (wants('memory')) withPlugin = await measureMemoryWithPlugin(use);
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
