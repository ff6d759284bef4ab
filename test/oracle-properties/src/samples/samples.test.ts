import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dump, loadAll } from 'js-yaml';
import { istioSources } from '@istio-backstage/lab';
import {
  kindNameOf,
  KINDS,
  KubeObject,
  kubernetesKindOf,
  MeshFinding,
  RULES,
} from '@istio-backstage/plugin-istio-common';
import { Oracle, ORACLE } from '../world/Oracle';
import { isLeftOut } from '../validate/verdicts';
import { SAMPLE_WORLDS, SampleWorld } from './sampleWorlds';

const PROGRAM = join(
  dirname(require.resolve('@istio-backstage/cli/package.json')),
  'bin/istio-portal.cjs',
);
const samples = join(istioSources(), 'samples');

/** Kinds about which one of our rules says what istioctl says with a code: `IST0101 Gateway`. */
const COVERED = new Set(
  RULES.flatMap(({ equivalents, subjects }) =>
    equivalents.flatMap(code =>
      subjects.map(kind => `${code} ${kubernetesKindOf(kind)}`),
    ),
  ),
);

interface IstioctlMessage {
  code: string;
  object: { kind: string; namespace?: string; name: string } | null;
  message: string;
}

function readWorld({ files }: SampleWorld): string {
  const objects = new Map<string, unknown>();
  for (const file of files) {
    const documents = loadAll(readFileSync(join(samples, file), 'utf8'));
    for (const object of documents as (KubeObject | null)[]) {
      if (!object) continue;
      const { apiVersion, kind, metadata } = object;
      const known = kindNameOf(object);
      const { name } = metadata;
      const namespace =
        metadata.namespace ??
        (known && KINDS[known].namespaced ? 'default' : undefined);
      objects.set([apiVersion, kind, namespace, name].join('/'), {
        ...object,
        metadata: { ...metadata, ...(namespace ? { namespace } : {}) },
      });
    }
  }
  return [...objects.values()].map(object => dump(object)).join('---\n');
}

/** istioctl looks for pods, not for what will start some. */
function withPods(yaml: string): string {
  const pods = (loadAll(yaml) as KubeObject[])
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => {
      const { template } = spec as { template: Partial<KubeObject> };
      const { name, namespace } = metadata;
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        ...template,
        metadata: { ...template.metadata, name: `${name}-0`, namespace },
      };
    });
  return [yaml, ...pods.map(pod => dump(pod))].join('---\n');
}

function analyzeFiles(yaml: string): MeshFinding[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAM, 'analyze', '-', '--output', 'json'],
    { input: yaml, encoding: 'utf8' },
  );
  if (stderr) throw new Error(stderr);
  return (JSON.parse(stdout) as { findings: MeshFinding[] }).findings;
}

/** `VirtualService default/a` */
function nameOf(object: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  const { kind, namespace, name } = object;
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`;
}

describe('sample applications of Istio', () => {
  let oracle: Oracle;
  beforeAll(() => {
    oracle = Oracle.start(ORACLE);
  });
  afterAll(() => oracle.stop());

  it.each(SAMPLE_WORLDS.map(world => [world.name, world] as const))(
    'raise nothing but what is explained, and all that istioctl says: %s',
    async (_, world) => {
      const yaml = readWorld(world);
      const findings = analyzeFiles(yaml);
      const said = findings.map(
        ({ code, object }) => `${code} ${nameOf(object)}`,
      );
      const explained = Object.keys(world.explained ?? {});
      expect(said.filter(each => !explained.includes(each))).toEqual([]);
      const { messages } = await oracle.ask<{ messages: IstioctlMessage[] }>({
        op: 'analyze',
        yaml: withPods(yaml),
        runtimeResources: true,
      });
      const missing = messages.filter(
        ({ code, object, message }) =>
          object !== null &&
          !isLeftOut(message.replace('Schema validation warning: ', '')) &&
          COVERED.has(`${code} ${object.kind}`) &&
          !findings.some(
            finding =>
              finding.equivalents.includes(code) &&
              nameOf(finding.object) === nameOf(object),
          ),
      );
      expect(missing).toEqual([]);
    },
  );
});
