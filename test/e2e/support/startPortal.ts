import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FullConfig } from '@playwright/test';
import { FREEZE } from './freeze';
import { portsOf } from './portal';

interface Portal {
  stop(): Promise<void>;
}

/**
 * Starts what `npm start` starts, once per worker, on ports and with databases of its own; ends it
 * after the last journey.
 */
export default async function startPortals(config: FullConfig) {
  const workers = [...Array(config.workers).keys()];
  const started = await Promise.allSettled(workers.map(startPortalOf));
  const portals = started.flatMap(result =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  const stopAll = async () => {
    await Promise.all(portals.map(portal => portal.stop()));
  };
  const failed = started.find(result => result.status === 'rejected');
  if (failed) {
    await stopAll();
    throw failed.reason;
  }
  return stopAll;
}

async function startPortalOf(worker: number): Promise<Portal> {
  const scripts = resolve(__dirname, '../../../scripts/lib');
  const load = (name: string) =>
    import(pathToFileURL(join(scripts, name)).href);
  const [{ prepareToolchain }, { startPortal }, { requireFreePorts }] =
    await Promise.all([
      load('toolchain.mjs'),
      load('portal.mjs'),
      load('ports.mjs'),
    ]);
  const ports = portsOf(worker);
  await requireFreePorts(
    [ports.portal, ...[0, 1, 2, 3].map(index => ports.sandbox + index)].map(
      port => ({
        port,
        what: 'the browser journeys',
        flag: 'E2E_PORT_OFFSET',
      }),
    ),
  );
  const data = mkdtempSync(join(tmpdir(), 'istio-portal-e2e-'));
  const portal = await startPortal(await prepareToolchain(), {
    port: ports.portal,
    sandboxPort: ports.sandbox,
    data,
    freezeWindows: [FREEZE],
  });
  return {
    stop: async () => {
      await portal.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
