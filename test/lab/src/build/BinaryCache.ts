import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { inputsOf, keyOf } from './fingerprint';
import type { Recipe } from './types';

const DEFAULT_FOLDER = '/var/cache/istio-lab';
const TEMPORARY = '.new-';

/** `folder`, else `$ISTIO_LAB_CACHE`, else /var/cache/istio-lab. */
export const cacheFolder = (folder?: string) =>
  resolve(folder || process.env.ISTIO_LAB_CACHE || DEFAULT_FOLDER);

/** A program in the making: where, where it will go, and from what. */
export interface Stage {
  folder: string;
  target: string;
  note: { inputs: string; compiler?: string };
}

/**
 * Finished programs, outside the clone: `<folder>/<name>-<key>/<name>` with a note of what it was made from.
 * An entry appears by one rename, so what is there is whole.
 */
export class BinaryCache {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `folder`, else `$ISTIO_LAB_CACHE`, else /var/cache/istio-lab. */
  static create(folder?: string): BinaryCache {
    return new BinaryCache(cacheFolder(folder));
  }

  /**
   * Path of the program made from exactly these sources by this compiler. Without a compiler on the machine
   * (`goVersion` undefined) any compiler's will do: it cannot be built here, but it can be run.
   */
  find(recipe: Recipe, goVersion: string | undefined): string | undefined {
    if (goVersion !== undefined) {
      const path = this.pathOf(recipe, goVersion);
      return existsSync(path) ? path : undefined;
    }
    const inputs = inputsOf(recipe);
    return this.entries()
      .filter(entry => entry.startsWith(`${recipe.name}-`))
      .map(entry => join(this.folder, entry, recipe.name))
      .find(path => existsSync(path) && noteOf(path).inputs === inputs);
  }

  /**
   * Opens a folder of this cache for a program in the making. Whoever opens it removes it; after a kill
   * {@link tidy} does. The key is taken now: what is built from sources that change meanwhile is not theirs.
   */
  stage(recipe: Recipe, goVersion: string): Stage {
    mkdirSync(this.folder, { recursive: true, mode: 0o755 });
    return {
      folder: mkdtempSync(join(this.folder, `${TEMPORARY}${process.pid}-`)),
      target: this.pathOf(recipe, goVersion),
      note: {
        inputs: inputsOf(recipe),
        ...(recipe.kind === 'go' && { compiler: goVersion }),
      },
    };
  }

  /** Takes a finished program from its stage into the cache and gives its path there. */
  store(stage: Stage, made: { program: string; seconds: number }): string {
    const { target } = stage;
    const entry = join(stage.folder, 'entry');
    mkdirSync(entry);
    const program = join(entry, basename(target));
    renameSync(made.program, program);
    chmodSync(program, 0o755);
    chmodSync(entry, 0o755);
    const note = { ...stage.note, seconds: Math.round(made.seconds) };
    writeFileSync(join(entry, 'built.json'), `${JSON.stringify(note)}\n`);
    rmSync(dirname(target), { recursive: true, force: true });
    renameSync(entry, dirname(target));
    return target;
  }

  /** Removes what interrupted builds left behind. Only for the holder of the build lock. */
  tidy(): void {
    for (const entry of this.entries().filter(name =>
      name.startsWith(TEMPORARY),
    )) {
      rmSync(join(this.folder, entry), { recursive: true, force: true });
    }
  }

  /** Removes every finished program but these; gives how many bytes that freed. */
  prune(keep: readonly string[]): number {
    const kept = new Set(keep.map(path => dirname(path)));
    const old = this.entries()
      .map(entry => join(this.folder, entry))
      .filter(entry => existsSync(join(entry, 'built.json')))
      .filter(entry => !kept.has(entry));
    const freed = old.reduce((sum, entry) => sum + sizeOf(entry), 0);
    for (const entry of old) rmSync(entry, { recursive: true });
    return freed;
  }

  private pathOf(recipe: Recipe, goVersion: string): string {
    const entry = `${recipe.name}-${keyOf(recipe, goVersion)}`;
    return join(this.folder, entry, recipe.name);
  }

  private entries(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).sort() : [];
  }
}

function noteOf(program: string): { inputs?: string } {
  const file = join(dirname(program), 'built.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + statSync(join(folder, name)).size,
    0,
  );
}
