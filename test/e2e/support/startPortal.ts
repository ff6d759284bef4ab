import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PORTAL_PORT, SANDBOX_PORT } from './portal';

/** Starts what `npm start` starts, on ports and with databases of its own; ends it after the last journey. */
export default async function startPortalForJourneys() {
  const scripts = resolve(__dirname, '../../../scripts/lib');
  const load = (name: string) =>
    import(pathToFileURL(join(scripts, name)).href);
  const [{ prepareToolchain }, { startPortal }, { requireFreePorts }] =
    await Promise.all([
      load('toolchain.mjs'),
      load('portal.mjs'),
      load('ports.mjs'),
    ]);
  const data = mkdtempSync(join(tmpdir(), 'istio-portal-e2e-'));
  await requireFreePorts(
    [PORTAL_PORT, SANDBOX_PORT, SANDBOX_PORT + 1, SANDBOX_PORT + 2].map(
      port => ({
        port,
        what: 'the browser journeys',
        flag: 'test/e2e/support/portal.ts',
      }),
    ),
  );
  const portal = await startPortal(await prepareToolchain(), {
    port: PORTAL_PORT,
    sandboxPort: SANDBOX_PORT,
    data,
  });
  return async () => {
    await portal.stop();
    rmSync(data, { recursive: true, force: true });
  };
}
