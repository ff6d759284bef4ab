import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { explainFailure } from './explainFailure';
import { LAB_FOLDER } from './fingerprint';
import { GO_ENVIRONMENT, type GoToolchain } from './programs';
import { runStep } from './runStep';
import { LabBuildError, type GoRecipe, type Log } from './types';

const HEARTBEAT_MS = 15_000;

/** Where one build writes, and whom it tells. */
export interface BuildPlace {
  /** Folder of this build alone. */
  stage: string;
  logFile: string;
  log: Log;
  signal?: AbortSignal;
}

/**
 * Compiles and links one program into the stage and gives its path there. What is compiled stays in Go's own
 * build cache, also when this is interrupted.
 */
export async function compileGo(
  recipe: GoRecipe,
  go: GoToolchain,
  place: BuildPlace,
): Promise<string> {
  const program = join(place.stage, recipe.name);
  const cwd = join(LAB_FOLDER, recipe.module);
  const env = { ...process.env, ...GO_ENVIRONMENT };
  const progress = watchProgress(recipe, place.log, () =>
    countPackages(recipe, go, { cwd, env }),
  );
  try {
    const { code, tail } = await runStep(
      go.path,
      [
        'build',
        '-v',
        '-trimpath',
        '-ldflags',
        `-s -w ${recipe.ldflags}`,
        ...recipe.flags,
        '-o',
        program,
        recipe.package,
      ],
      {
        cwd,
        env,
        logFile: place.logFile,
        onLine: progress.see,
        signal: place.signal,
      },
    );
    if (code !== 0) {
      throw new LabBuildError(explainFailure(recipe.name, tail, place.logFile));
    }
    return program;
  } finally {
    progress.end();
  }
}

/** Counts what `go build -v` names and tells it now and then: a cold build is silent for minutes otherwise. */
function watchProgress(recipe: GoRecipe, log: Log, total: () => string) {
  let compiled = 0;
  let downloaded = 0;
  let made: string | undefined;
  const heartbeat = setInterval(() => {
    if (compiled === 0) {
      const modules = downloaded > 0 ? `, ${downloaded} modules fetched` : '';
      log(`${recipe.name}: still at it${modules}.`);
      return;
    }
    made ??= total();
    log(`${recipe.name}: ${compiled} packages compiled${made}.`);
  }, HEARTBEAT_MS);
  return {
    see(line: string) {
      if (line.startsWith('go: downloading ')) downloaded += 1;
      else if (/^[\w.~/@-]+$/.test(line)) compiled += 1;
    },
    end: () => clearInterval(heartbeat),
  };
}

/** How many packages the program is made of; some may be compiled already, so the count need not reach it. */
function countPackages(
  recipe: GoRecipe,
  go: GoToolchain,
  where: { cwd: string; env: NodeJS.ProcessEnv },
): string {
  const { status, stdout } = spawnSync(
    go.path,
    ['list', '-deps', ...recipe.flags, recipe.package],
    { ...where, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 },
  );
  return status === 0
    ? ` (${recipe.name} is made of ${stdout.trim().split('\n').length})`
    : '';
}
