import { readWorld } from '../world/WorldHandle';
import { openLabWorld } from './openLabWorld';
import { openSandboxWorld } from './openSandboxWorld';
import type { ProductWorld } from './ProductWorld';

/** The run's world with the hands the journeys need. */
export async function openProductWorld(): Promise<ProductWorld> {
  const handle = readWorld();
  return handle.kind === 'sandbox'
    ? openSandboxWorld(handle)
    : openLabWorld(handle);
}
