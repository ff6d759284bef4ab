/** Seed and number of worlds of a comparison, and how many worlds a night has for it. */
export interface RunSizes {
  seed: number;
  worlds: number;
  nightly: number;
}

/**
 * What a run is to do: `ORACLE_SEED` and `ORACLE_WORLDS` change it, `ORACLE_NIGHTLY` makes it as large as a
 * night allows.
 */
export function runSize(sizes: RunSizes): { seed: number; worlds: number } {
  const { ORACLE_SEED, ORACLE_WORLDS, ORACLE_NIGHTLY } = process.env;
  return {
    seed: ORACLE_SEED ? Number(ORACLE_SEED) : sizes.seed,
    worlds: ORACLE_WORLDS
      ? Number(ORACLE_WORLDS)
      : sizes[ORACLE_NIGHTLY ? 'nightly' : 'worlds'],
  };
}
