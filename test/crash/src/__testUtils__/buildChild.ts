import { join } from 'node:path';
import { build } from 'esbuild';

/** A program of this folder as one file: many processes start, and each would read a thousand files. */
export async function buildChild(
  folder: string,
  program: 'childMain' | 'replicaMain',
): Promise<string> {
  const outfile = join(folder, `${program}.cjs`);
  await build({
    entryPoints: [join(__dirname, `${program}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    // Native, or drivers that knex asks for only when they are used.
    external: [
      'better-sqlite3',
      'pg',
      'pg-native',
      'pg-query-stream',
      'sqlite3',
      'mariadb/callback',
      'mysql',
      'mysql2',
      'oracledb',
      'tedious',
    ],
  });
  return outfile;
}
