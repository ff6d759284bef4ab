import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PlainError } from './say.mjs';

export const USAGE = `npm start                        the portal in front of the sandbox
npm start -- --lab               the same portal in front of a real mesh on this machine (Linux, root; docs/lab.md)
npm start -- --kubeconfig FILE   the same portal in front of your cluster (read-only without --as)

  --context NAME       context of the kubeconfig (default: its current one)
  --prometheus URL     where the cluster's Istio metrics are
  --scrape-seconds N   how often that Prometheus scrapes (default 15)
  --jaeger URL         Jaeger's query API
  --as USER            Kubernetes user that your changes are made as, as in kubectl --as
  --as-group GROUP     group of that user; may be repeated
  --port N             port of the portal (default 7007)
  --sandbox-port N     first of the sandbox's four ports, or the lab's one (default 8601)
  --data DIR           folder of the portal's databases (default .local/data)
  --help`;

const FLAGS = {
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  prometheus: { type: 'string' },
  'scrape-seconds': { type: 'string' },
  jaeger: { type: 'string' },
  as: { type: 'string' },
  'as-group': { type: 'string', multiple: true },
  port: { type: 'string' },
  'sandbox-port': { type: 'string' },
  data: { type: 'string' },
  lab: { type: 'boolean' },
  help: { type: 'boolean' },
};

/** The options of `npm start`, checked; a wrong one is named with what is allowed. */
export function readOptions(argv) {
  let values;
  try {
    ({ values } = parseArgs({ args: argv, options: FLAGS }));
  } catch (error) {
    throw new PlainError(`${error.message}\n\n${USAGE}`);
  }
  return checkOptions(values);
}

/** Checks flags, or the `portal:` section of app-config.local.yaml. */
export function checkOptions(values) {
  const options = {
    help: values.help === true,
    lab: values.lab === true,
    kubeconfig:
      values.kubeconfig &&
      resolve(values.kubeconfig.replace(/^~(?=\/)/, process.env.HOME ?? '~')),
    context: values.context,
    prometheus: url(values.prometheus, 'prometheus'),
    scrapeSeconds: number(values['scrape-seconds'], {
      name: 'scrape-seconds',
      fallback: 15,
      max: 300,
    }),
    jaeger: url(values.jaeger, 'jaeger'),
    as: values.as,
    asGroups: values['as-group'] ?? [],
    port: number(values.port, { name: 'port', fallback: 7007, max: 65535 }),
    sandboxPort: number(values['sandbox-port'], {
      name: 'sandbox-port',
      fallback: 8601,
      max: 65533,
    }),
    data: values.data && resolve(values.data),
  };
  if (options.kubeconfig && !existsSync(options.kubeconfig)) {
    throw new PlainError(
      `--kubeconfig: there is no file ${options.kubeconfig}`,
    );
  }
  if (options.lab && options.kubeconfig) {
    throw new PlainError(
      '--lab and --kubeconfig exclude each other: the lab is a cluster of its own.',
    );
  }
  for (const name of ['context', 'prometheus', 'jaeger', 'as']) {
    if (options[name] && !options.kubeconfig) {
      throw new PlainError(
        `--${name} goes with --kubeconfig only; the sandbox has its own.`,
      );
    }
  }
  return options;
}

function url(text, name) {
  if (text === undefined) return undefined;
  if (!/^https?:\/\/[^\s/]+/.test(text)) {
    throw new PlainError(
      `--${name} must be an http or https address, it is "${text}"`,
    );
  }
  return text.replace(/\/$/, '');
}

function number(text, { name, fallback, max }) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new PlainError(
      `--${name} must be a whole number from 1 to ${max}, it is "${text}"`,
    );
  }
  return value;
}
