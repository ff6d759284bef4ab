// `npm start`: from a clean clone to an address that can be opened. Plain Node, no dependencies.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildApp } from './lib/buildApp.mjs';
import { installDependencies } from './lib/install.mjs';
import { buildLab, explainNoLab } from './lib/lab.mjs';
import { checkOptions, readOptions, USAGE } from './lib/options.mjs';
import { root } from './lib/paths.mjs';
import { startPortal } from './lib/portal.mjs';
import { requireFreePorts } from './lib/ports.mjs';
import { killAll } from './lib/processes.mjs';
import { PlainError, runProgram, say } from './lib/say.mjs';
import { prepareToolchain } from './lib/toolchain.mjs';

await runProgram(async () => {
  const flags = readOptions(process.argv.slice(2));
  if (flags.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  let portal;
  let stopping = false;
  const stop = async code => {
    if (stopping) return;
    stopping = true;
    say('Stopping.');
    await portal?.stop();
    killAll();
    process.exit(code);
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));

  await requireFreePorts(portsOf(flags));
  const toolchain = await prepareToolchain();
  await installDependencies(toolchain);
  const options = flags.lab ? flags : withLocalConfig(flags);
  if (options.lab) await prepareLab(toolchain);
  await buildApp(toolchain);
  if (stopping) return;
  portal = await startPortal(toolchain, options, {
    onDeath: (server, code) => {
      process.stderr.write(
        `\nThe ${
          server.name
        } ended by itself (code ${code}). Its last lines:\n${server
          .tail()
          .split('\n')
          .slice(-20)
          .join('\n')}\n`,
      );
      stop(1);
    },
  });
  if (stopping) {
    await portal.stop();
    return;
  }
  say(`Open ${portal.address}   (Ctrl-C stops everything)`);
  if (options.kubeconfig && !options.as) {
    say(
      'Read-only: start with --as USER to make changes as that Kubernetes user.',
    );
  }
});

function portsOf(options) {
  const portal = { port: options.port, what: 'the portal', flag: '--port' };
  if (options.kubeconfig) return [portal];
  // Behind the clusters of the sandbox stands its Git host.
  const clusters = options.lab ? [0] : [0, 1, 2, 3];
  return [
    portal,
    ...clusters.map(index => ({
      port: options.sandboxPort + index,
      what: options.lab ? "the lab's API server" : 'the sandbox',
      flag: '--sandbox-port',
    })),
  ];
}

/** Refuses in words where the lab cannot run; builds what it is made of, which takes a while the first time. */
async function prepareLab(toolchain) {
  const obstacles = await explainNoLab(toolchain);
  if (obstacles.length > 0) throw new PlainError(obstacles.join('\n'));
  if (!(await buildLab(toolchain))) {
    throw new PlainError('The programs of the lab could not be built.');
  }
}

/** `portal:` in app-config.local.yaml says the same as the flags; flags win. */
function withLocalConfig(flags) {
  const file = join(root, 'app-config.local.yaml');
  if (flags.kubeconfig || !existsSync(file)) return flags;
  const yaml = createRequire(join(root, 'package.json'))('js-yaml');
  const section = yaml.load(readFileSync(file, 'utf8'))?.portal;
  if (!section?.kubeconfig) return flags;
  return {
    ...checkOptions({
      kubeconfig: section.kubeconfig,
      context: section.context,
      prometheus: section.prometheus,
      'scrape-seconds': section.scrapeSeconds && String(section.scrapeSeconds),
      jaeger: section.jaeger,
      as: section.as,
      'as-group': section.asGroups,
    }),
    port: flags.port,
    data: flags.data,
  };
}
