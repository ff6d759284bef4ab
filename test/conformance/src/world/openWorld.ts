import { closeAll, closeLater, serveAbilities } from './abilities';
import { openCluster } from './openCluster';
import { openLab } from './openLab';
import { openSandbox } from './openSandbox';
import { publishWorld } from './WorldHandle';

/** `CONFORMANCE_WORLD`, and for `lab` optionally `CONFORMANCE_KUBECONFIG`; see README.md. */
function opener() {
  const world = process.env.CONFORMANCE_WORLD ?? 'sandbox';
  switch (world) {
    case 'sandbox':
      return openSandbox;
    case 'lab':
      return process.env.CONFORMANCE_KUBECONFIG ? openCluster : openLab;
    default:
      throw new Error(
        `CONFORMANCE_WORLD is "${world}"; there are sandbox and lab`,
      );
  }
}

/** Jest's global setup: opens the world once per run. */
export default async function openWorld(): Promise<void> {
  const { handle, abilities, close } = await opener()();
  closeLater(close);
  try {
    const control = await serveAbilities(abilities);
    publishWorld({ ...handle, control, abilities: Object.keys(abilities) });
  } catch (error) {
    // Jest calls no teardown after a setup that failed.
    await closeAll();
    throw error;
  }
}
