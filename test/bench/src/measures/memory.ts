import type { Figure } from '../types';
import type { BackendProcess, MemoryUse } from '../world/BackendProcess';
import type { BenchWorld } from '../world/BenchWorld';
import type { PortalClient } from '../world/PortalClient';
import { paths } from './views';

const MB = 2 ** 20;
const SPARKLINES = 100;

/** With everything in its caches that there is to cache: each component and the list were looked at. */
export async function measureMemoryWithPlugin(options: {
  world: BenchWorld;
  backend: BackendProcess;
  portal: PortalClient;
}): Promise<MemoryUse> {
  const { world, backend, portal } = options;
  for (const [index, { entityRef }] of world.components.entries()) {
    await portal.get(paths.mesh(entityRef));
    if (index < SPARKLINES) await portal.get(paths.signals(entityRef));
  }
  await portal.get(paths.list());
  await readCatalog(world, portal);
  return backend.memory();
}

/** The same backend without the plugin, after the same reading of the catalog. */
export async function measureMemoryWithout(options: {
  world: BenchWorld;
  backend: BackendProcess;
  portal: PortalClient;
}): Promise<MemoryUse> {
  const { world, backend, portal } = options;
  const { status } = await fetch(`${backend.address}/api/istio/v1/clusters`);
  if (status !== 404) {
    throw new Error(`The plugin was not left out: its API answers ${status}`);
  }
  await readCatalog(world, portal);
  return backend.memory();
}

/** A page of an entity reads it from the catalog, with and without this plugin. */
async function readCatalog(
  world: BenchWorld,
  portal: PortalClient,
): Promise<void> {
  for (const { entityRef } of world.components) {
    await portal.get(
      `/api/catalog/entities/by-name/${entityRef.replace(':', '/')}`,
    );
  }
}

export function compareMemory(memory: {
  withPlugin: MemoryUse;
  without: MemoryUse;
}): Figure[] {
  const { withPlugin, without } = memory;
  const toFigure = (what: string, use: MemoryUse): Figure => ({
    what,
    values: { 'heap used': use.heapUsed / MB, resident: use.rss / MB },
    unit: 'MB',
  });
  const beyond = toFigure('beyond the same backend', {
    heapUsed: withPlugin.heapUsed - without.heapUsed,
    rss: withPlugin.rss - without.rss,
  });
  return [
    toFigure('with the plugin', withPlugin),
    toFigure('without it', without),
    { ...beyond, aim: { value: 'resident', atMost: 300 } },
  ];
}
