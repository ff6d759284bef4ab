import { join } from 'node:path';
import { build } from 'esbuild';

/** The child as one file: hundreds of processes start, and each would read a thousand files. */
export async function buildChild(folder: string): Promise<string> {
  const outfile = join(folder, 'child.cjs');
  await build({
    entryPoints: [join(__dirname, 'childMain.ts')],
    outfile,
    bundle: true,
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
