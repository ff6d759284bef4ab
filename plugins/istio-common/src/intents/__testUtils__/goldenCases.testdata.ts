import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { planChange } from '../../changes/planChange';
import type { JsonPatchOperation, Plan } from '../../changes/types';
import { kindNameOf, type KindName } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { buildSnapshot } from '../../snapshot/buildSnapshot';
import type { KindFreshness, MeshSnapshot } from '../../snapshot/types';
import { deployment } from '../../testUtils/objects';
import { validateObject } from '../../validation/validateObject';
import { compileIntent } from '../compileIntent';
import { intentSchema, type IntentType } from '../intent';
import type { CompileProblem, CompileResult, VersionWeight } from '../types';

/** One golden case: parameters, and what comes of them in the table's world. */
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
  /** Spec of each written object afterwards, as far as it counts; instead of `edits`. */
  holds?: Record<string, object>;
  creates?: KubeObject[];
  createsCount?: number;
  /** `PeerAuthentication catalog/reviews` */
  deletes?: string[];
  problems?: CompileProblem[];
}

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
  'TCPRoute',
  'TLSRoute',
  'Gateway',
  'RequestAuthentication',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'Namespace',
  'KubernetesGateway',
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

/** A cluster `prod-eu` that holds exactly these objects, as it would have stored them. */
export function buildWorld(
  objects: KubeObject[],
  freshness?: Case['freshness'],
): MeshSnapshot {
  const byKind: Partial<Record<KindName, KubeObject[]>> = Object.fromEntries(
    KINDS_OF_WORLD.map(kind => [kind, []]),
  );
  objects.flatMap(withPods).forEach((object, index) => {
    byKind[kindNameOf(object)!]!.push({
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
    objects: byKind,
    freshness,
  });
}

const asMap = (weights: VersionWeight[]) =>
  Object.fromEntries(weights.map(({ key, percent }) => [key, percent]));

/** A golden case ready to run. */
interface GoldenCase {
  name: string;
  /** What it states. */
  expected: Record<string, unknown>;
  run(): {
    summary: Record<string, unknown>;
    /** What Istio would refuse of the objects. */
    errors: string[];
    /** The table's world, before and after. */
    worlds: [before: string, after: string];
  };
}

interface Table {
  world: KubeObject[];
  cases: Case[];
}

function readTable(type: IntentType): Table {
  return load(
    readFileSync(join(__dirname, '..', type, 'compile.cases.yaml'), 'utf8'),
  ) as Table;
}

function askCase(type: IntentType, world: KubeObject[], test: Case) {
  const snapshot = buildWorld(
    [...world, ...(test.with ?? [])].filter(
      object => !test.without?.includes(describeObject(object)),
    ),
    test.freshness,
  );
  return {
    snapshot,
    request: { type, params: { clusters: ['prod-eu'], ...test.params } },
  };
}

function compileCase(type: IntentType, world: KubeObject[], test: Case) {
  const { snapshot, request } = askCase(type, world, test);
  const intent = intentSchema.parse(request);
  return { snapshot, result: compileIntent({ intent, snapshot }) };
}

/** What each case asks, as it comes in over HTTP, and of which cluster. */
export function loadGoldenRequests(type: IntentType) {
  const { world, cases } = readTable(type);
  return cases.map(test => askCase(type, world, test));
}

/** The plan of each case that gives one. */
export function loadGoldenPlans(type: IntentType): Plan[] {
  const { world, cases } = readTable(type);
  return cases.flatMap(test => {
    const { snapshot, result } = compileCase(type, world, test);
    return result.ok
      ? [planChange({ compiled: [{ snapshot, ...result }] })]
      : [];
  });
}

/** The cases of an intent's `compile.cases.yaml`. */
export function loadGoldenCases(type: IntentType): GoldenCase[] {
  const { world, cases } = readTable(type);
  return cases.map(test => ({
    name: test.name,
    expected: expectationOf(test),
    run: () => {
      const before = JSON.stringify(world);
      const { snapshot, result } = compileCase(type, world, test);
      return {
        summary: summarise(result, snapshot),
        errors: result.ok
          ? result.desired.flatMap(object => validateObject(object).errors)
          : [],
        worlds: [before, JSON.stringify(world)],
      };
    },
  }));
}

/** What an intent writes; the rest guards against changes in between. */
const EDITABLE = /^\/(spec|metadata\/annotations)/;

/** The order of edits of different fields says nothing. */
function sorted(patch: JsonPatchOperation[]): JsonPatchOperation[] {
  const placeOf = ({ op, path }: JsonPatchOperation) =>
    `${op === 'test' ? 0 : 1} ${path}`;
  return [...patch].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

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
    ...(test.holds && { holds: test.holds, written: Object.keys(test.holds) }),
    ...(test.holds ? {} : expectedEdits(test)),
  };
}

function expectedEdits(test: Case) {
  return {
    edits: Object.fromEntries(
      Object.entries(test.edits ?? {}).map(([name, patch]) => [
        name,
        sorted(patch),
      ]),
    ),
    edited: Object.keys(test.edits ?? {}),
    created: test.creates?.length ?? test.createsCount ?? 0,
    deletes: test.deletes ?? [],
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
        sorted(patch!.filter(({ path }) => EDITABLE.test(path))),
      ]),
  );
  const creates = operations.flatMap(({ action, body }) =>
    action === 'create' ? [body] : [],
  );
  const { before = [], after = [] } = result.shares ?? {};
  return {
    problems: [],
    title: result.title,
    before: asMap(before),
    after: asMap(after),
    keptAsIs: result.keptAsIs,
    creates,
    created: creates.length,
    holds: Object.fromEntries(
      operations.map(({ object, after: held }) => [
        describeObject(object),
        held?.spec,
      ]),
    ),
    written: operations.map(({ object }) => describeObject(object)),
    edits,
    edited: Object.keys(edits),
    deletes: operations.flatMap(({ action, object }) =>
      action === 'delete' ? [describeObject(object)] : [],
    ),
  };
}
