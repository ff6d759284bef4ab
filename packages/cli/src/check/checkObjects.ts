import {
  evaluatePolicies,
  type GuardrailVerdict,
  hashObject,
  KINDS,
  kindNameOf,
  type KubeObject,
  type MeshSnapshot,
  namespacesLike,
  normalizeOwnerRefs,
  objectKey,
  type PlanOperation,
  type PolicyFile,
} from '@istio-backstage/plugin-istio-common';
import type { CommandOptions } from '../arguments/options';
import { parseName, textFlag, textsFlag } from '../arguments/readFlags';
import { BadInput } from '../BadInput';
import { buildMesh, loadObjects } from '../input/loadMesh';
import type { ReadObjects } from '../input/readObjects';
import { clusterFlag, readPolicyFile } from '../input/readPolicyFile';
import type { Terminal } from '../types';
import { type CheckedComponent, matchComponent } from './matchComponent';

/** What was said, about how many objects, and where they are written. */
export interface CheckedObjects {
  verdicts: GuardrailVerdict[];
  judged: number;
  places: ReadObjects['places'];
}

/**
 * Judges each namespace's objects as a change by the namespace's owner. With `--base` an object that is the
 * same there is no change, and one that is missing here is a removal.
 */
export function checkObjects(
  options: CommandOptions,
  terminal: Terminal,
): CheckedObjects {
  const file = readPolicyFile(options, terminal);
  // Verdicts name the cluster in their sentences.
  const cluster = clusterFlag(options, file) ?? 'the cluster';
  const { objects, places } = loadObjects(options, terminal);
  const base = textFlag(options.values, 'base');
  const before =
    base === undefined
      ? []
      : loadObjects({ ...options, paths: [base] }, terminal).objects;
  const settings = file.clusters.find(({ name }) => name === cluster);
  // Routes of a change may need Services that only the other side has.
  const known = new Set(before.map(objectKey));
  const snapshot = buildMesh(
    [
      ...before,
      ...objects.filter(
        object => !isJudged(object) && !known.has(objectKey(object)),
      ),
    ],
    {
      options,
      terminal,
      reading: 'as deployed',
      cluster,
      ...(settings && {
        domain: settings.domain,
        rootNamespace: settings.rootNamespace,
      }),
    },
  );
  const operations = planOperations(before, objects, snapshot);
  const verdicts = [...byNamespace(operations)].flatMap(
    ([namespace, operationsThere]) =>
      evaluatePolicies({
        plan: { hash: '', operations: operationsThere },
        ...componentOf(namespace, { file, options, snapshot }),
        snapshots: [snapshot],
        assessment: { versions: [], callers: [], observedSeconds: 0 },
        settings: file.guardrails,
      }),
  );
  return { verdicts, judged: operations.length, places };
}

/** Kinds of Istio and of the Gateway API, those that the portal does not know among them. */
function isJudged({ apiVersion }: KubeObject): boolean {
  return /^([a-z]+\.istio\.io|gateway\.networking\.k8s\.io)\//.test(apiVersion);
}

function planOperations(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  snapshot: MeshSnapshot,
): PlanOperation[] {
  const was = new Map(
    before.filter(isJudged).map(each => [objectKey(each), each]),
  );
  const is = new Map(
    after.filter(isJudged).map(each => [objectKey(each), each]),
  );
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key, index) => {
    const [old, now] = [was.get(key), is.get(key)];
    const subject = now ?? old;
    if (!subject || isSame(old, now)) {
      return [];
    }
    const edited = now ? ('patch' as const) : ('delete' as const);
    return [
      {
        index,
        action: old ? edited : ('create' as const),
        object: snapshot.refOf(subject),
        ...(old && { before: old as Record<string, unknown> }),
        ...(now && { after: now as Record<string, unknown> }),
        diff: [],
        fieldManagers: [],
      },
    ];
  });
}

/** What the server adds, and the order of fields, makes no change. */
function isSame(a: KubeObject | undefined, b: KubeObject | undefined): boolean {
  return a !== undefined && b !== undefined && hashObject(a) === hashObject(b);
}

function byNamespace(
  operations: readonly PlanOperation[],
): Map<string, PlanOperation[]> {
  const groups = new Map<string, PlanOperation[]>();
  for (const operation of operations) {
    const kind = kindNameOf(operation.object);
    const namespaced = kind === undefined || KINDS[kind].namespaced;
    const namespace = (namespaced && operation.object.namespace) || '';
    groups.set(namespace, [...(groups.get(namespace) ?? []), operation]);
  }
  return groups;
}

/** The team that the objects are judged for: named, or the namespace's owner. */
function componentOf(
  namespace: string,
  given: {
    file: PolicyFile;
    options: CommandOptions;
    snapshot: MeshSnapshot;
  },
): CheckedComponent {
  const { file, options, snapshot } = given;
  const named = textFlag(options.values, 'team');
  const [team] =
    named === undefined
      ? ownersOf(file, namespace)
      : normalizeOwnerRefs([named]);
  if (named !== undefined && team === undefined) {
    throw new BadInput(
      `--team must be an entity reference such as group:default/catalog-team, it is "${named}"`,
    );
  }
  const services = textsFlag(options.values, 'service').map(each =>
    parseName(each, '--service'),
  );
  return {
    ...matchComponent({
      team,
      services,
      snapshot,
      namespaces: teamNamespaces(file, { team, namespace }),
    }),
    ...(team !== undefined && {
      requester: { entityRef: team, groups: [team] },
    }),
  };
}

function ownersOf(file: PolicyFile, namespace: string): string[] {
  const { namespaces } = file.ownership;
  return Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : [];
}

/** Fails closed as the portal does: a namespace that nobody is bound to is nobody's, unless all are open. */
function teamNamespaces(
  file: PolicyFile,
  { team, namespace }: { team: string | undefined; namespace: string },
): string[] {
  const { bindAll, namespaces } = file.ownership;
  const owned =
    team === undefined
      ? namespacesLike(file, namespace)
      : Object.keys(namespaces).filter(each => namespaces[each].includes(team));
  const isOpen = bindAll && ownersOf(file, namespace).length === 0;
  return isOpen ? [...owned, namespace] : owned;
}
