import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** A program of this folder; each holds no more than its own way, because most of their time they start. */
type Program = 'applyMain' | 'refusalMain' | 'replicaMain';

/**
 * What these programs import and never call: other ways to reach a cluster or to prove who asks, calendars
 * of freezes. To load it costs each start more than all it does then; a call would throw.
 */
const NEVER_CALLED = [
  'cron',
  'hpagent',
  'isomorphic-ws',
  'js-yaml',
  'jsonpath-plus',
  'luxon',
  'node-fetch',
  'openid-client',
  'socks-proxy-agent',
];

const leaveOut: Plugin = {
  name: 'leave out what is never called',
  setup(program) {
    program.onResolve(
      { filter: new RegExp(`^(${NEVER_CALLED.join('|')})$`) },
      ({ path }) => ({ path, namespace: 'left-out' }),
    );
    program.onLoad({ filter: /./, namespace: 'left-out' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

const CLIENT = '@kubernetes/client-node';

/** Of the Kubernetes client only what is imported: nothing tells esbuild that its other thousand modules do nothing. */
const takePart: Plugin = {
  name: 'take part of the Kubernetes client',
  setup(program) {
    const folder = dirname(require.resolve(CLIENT));
    program.onResolve({ filter: new RegExp(`^${CLIENT}$`) }, ({ path }) => ({
      path,
      namespace: 'part',
    }));
    program.onLoad({ filter: /./, namespace: 'part' }, () => ({
      contents: `
        export { KubeConfig } from './config.js';
        export { PortForward } from './portforward.js';
      `,
      resolveDir: folder,
    }));
  },
};

/**
 * Programs of this folder as one file each: many processes start, and each would read a thousand files.
 * Gives their files in the same order.
 */
export async function buildChildren(
  folder: string,
  programs: readonly Program[],
): Promise<string[]> {
  await build({
    entryPoints: programs.map(program => join(__dirname, `${program}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    // Names stay: errors and log entries carry them.
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
    plugins: [leaveOut, takePart],
    // Native, or drivers that knex asks for only when they are used.
    external: [
      'better-sqlite3',
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
  return programs.map(program => join(folder, `${program}.cjs`));
}
