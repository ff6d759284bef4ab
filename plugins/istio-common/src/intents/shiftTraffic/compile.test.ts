import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { planChange } from '../../changes/planChange';
import type { JsonPatchOperation } from '../../changes/types';
import { kindNameOf, type KindName } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { buildSnapshot } from '../../snapshot/buildSnapshot';
import type { KindFreshness, MeshSnapshot } from '../../snapshot/types';
import { deployment } from '../../testUtils/objects';
import { compileIntent } from '../compileIntent';
import type { Intent } from '../intent';
import type { CompileProblem, CompileResult, VersionWeight } from '../types';
import { shiftTrafficParamsSchema } from './schema';

interface Case {
  name: string;
  params: Record<string, unknown>;
  /** Objects of the world that this case does not have. */
  without?: string[];
  /** Objects beside those of the world. */
  with?: KubeObject[];
  freshness?: Partial<Record<KindName, KindFreshness>>;
  title?: string;
  before?: Record<string, number>;
  after?: Record<string, number>;
  keptAsIs?: string[];
  edits?: Record<string, JsonPatchOperation[]>;
  creates?: KubeObject[];
  createsCount?: number;
  problems?: CompileProblem[];
}

const { world, cases } = load(
  readFileSync(join(__dirname, 'compile.cases.yaml'), 'utf8'),
) as { world: KubeObject[]; cases: Case[] };

const KINDS_OF_WORLD: KindName[] = [
  'Service',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Pod',
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
];

/** A Deployment of the table with its ReplicaSet and ready pods. */
function withPods(object: KubeObject): KubeObject[] {
  if (object.kind !== 'Deployment') {
    return [object];
  }
  const { readyReplicas } = object.status as { readyReplicas: number };
  const { template } = object.spec as {
    template: { metadata: { labels: Record<string, string> } };
  };
  return deployment({
    namespace: object.metadata.namespace!,
    name: object.metadata.name,
    labels: template.metadata.labels,
    replicas: readyReplicas,
  });
}

function buildWorld(test: Case): MeshSnapshot {
  const objects: Partial<Record<KindName, KubeObject[]>> = Object.fromEntries(
    KINDS_OF_WORLD.map(kind => [kind, []]),
  );
  [...world, ...(test.with ?? [])]
    .filter(object => !test.without?.includes(describeObject(object)))
    .flatMap(withPods)
    .forEach((object, index) => {
      objects[kindNameOf(object)!]!.push({
        ...object,
        metadata: {
          ...object.metadata,
          uid: object.metadata.uid ?? `uid-${index}`,
          resourceVersion: `${100 + index}`,
        },
      });
    });
  return buildSnapshot({
    cluster: 'prod-eu',
    asOf: 0,
    objects,
    freshness: test.freshness,
  });
}

const asMap = (weights: VersionWeight[]) =>
  Object.fromEntries(weights.map(({ key, percent }) => [key, percent]));

describe('compileShiftTraffic', () => {
  it.each(cases.map(test => [test.name, test] as const))('%s', (_, test) => {
    const snapshot = buildWorld(test);
    const frozen = JSON.stringify(world);
    const params = shiftTrafficParamsSchema.parse({
      clusters: ['prod-eu'],
      ...test.params,
    });
    const intent: Intent = { type: 'shiftTraffic', params };
    const result = compileIntent({ intent, snapshot });
    expect(JSON.stringify(world)).toBe(frozen);
    expect(summarise(result, snapshot)).toMatchObject(expectationOf(test));
  });
});

/** What a case states; what it does not state may be anything, but never an edit or a problem. */
function expectationOf(test: Case) {
  if (test.problems) {
    return { problems: test.problems };
  }
  return {
    problems: [],
    title: test.title,
    ...(test.before && { before: test.before }),
    ...(test.after && { after: test.after }),
    ...(test.keptAsIs && { keptAsIs: test.keptAsIs }),
    ...(test.creates && { creates: test.creates }),
    edits: test.edits ?? {},
    edited: Object.keys(test.edits ?? {}),
    created: test.creates?.length ?? test.createsCount ?? 0,
  };
}

function summarise(result: CompileResult, snapshot: MeshSnapshot) {
  if (!result.ok) {
    return { problems: result.problems };
  }
  const { operations } = planChange({ compiled: [{ snapshot, ...result }] });
  const edits = Object.fromEntries(
    operations
      .filter(({ action }) => action === 'patch')
      .map(({ object, patch }) => [
        describeObject(object),
        patch!.filter(({ path }) => path.startsWith('/spec')),
      ]),
  );
  const creates = operations.flatMap(({ action, body }) =>
    action === 'create' ? [body] : [],
  );
  return {
    problems: [],
    title: result.title,
    before: asMap(result.shares!.before),
    after: asMap(result.shares!.after),
    keptAsIs: result.keptAsIs,
    creates,
    created: creates.length,
    edits,
    edited: Object.keys(edits),
  };
}
