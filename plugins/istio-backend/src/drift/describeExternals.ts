import {
  attributeStep,
  describeClaim,
  describeGap,
  diffObjects,
  hashJson,
  titleExternal,
  type DiffLine,
  type ExternalChange,
  type ExternalStep,
  type KubeObject,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import { endSentence, nameObject } from '../changes/changeWords';
import type { NewAuditEntry } from '../audit/types';
import type { NewChange } from '../changes/types';
import { entityOfCluster } from '../changes/entityOfCluster';
import type {
  DriftSettings,
  NewExternal,
  ObjectComponents,
  SeenObject,
} from './types';

/** Lines of a diff that go into the log; the change's own record has all of them. */
const LOGGED_LINES = 400;

/** Stands for who asked, where nobody asked the portal. */
export const OUTSIDE = 'outside';

const ACTIONS: Record<ExternalChange['action'], PlanOperation['action']> = {
  created: 'create',
  edited: 'patch',
  deleted: 'delete',
  recreated: 'patch',
};

type Concerned = (object: KubeObject) => ReturnType<ObjectComponents['of']>;

/** Records of the steps of one object; those that only ignored managers claim are left out. */
export function describeExternals(options: {
  seen: SeenObject;
  steps: readonly ExternalStep[];
  settings: Pick<DriftSettings, 'ignoreManagers'>;
  clusterUid: string;
  concerned: Concerned;
  /** Epoch milliseconds. */
  at: number;
}): NewExternal[] {
  const { seen, steps, settings } = options;
  return steps.flatMap(step => {
    const external = attributeStep(step, seen.live);
    const isIgnored =
      external.claims.length > 0 &&
      external.claims.every(({ manager }) =>
        settings.ignoreManagers.includes(manager),
      );
    return isIgnored ? [] : [describe(step, external, options)];
  });
}

function describe(
  step: ExternalStep,
  external: ExternalChange,
  options: {
    seen: SeenObject;
    clusterUid: string;
    concerned: Concerned;
    at: number;
  },
): NewExternal {
  const { seen, clusterUid, at } = options;
  const { ref } = seen;
  const { primary, others } = concernedBy(step, options);
  const operation = toOperation(step, external, seen);
  const change: NewChange & { external: ExternalChange } = {
    id: ulid(),
    entityRef: primary,
    intentType: 'external',
    title: titleExternal(ref, external),
    state: 'outside',
    requestedBy: { entityRef: OUTSIDE, groups: [] },
    actingUsers: {},
    reason: '',
    versions: [],
    guardrails: [],
    external,
    plan: {
      hash: hashJson([operation.object, external.hash]),
      operations: [operation],
    },
    operations: [
      {
        index: 0,
        object: ref,
        action: operation.action,
        outcome: 'applied',
        diff: operation.diff,
        resourceVersion: step.after?.resourceVersion,
        result: step.after?.content,
      },
    ],
  };
  return {
    change,
    alsoConcerns: others,
    entry: entryOf(change, { step, seen, clusterUid, at }),
  };
}

function entryOf(
  change: NewChange & { external: ExternalChange },
  options: {
    step: ExternalStep;
    seen: SeenObject;
    clusterUid: string;
    at: number;
  },
): NewAuditEntry {
  const { step, seen, clusterUid, at } = options;
  const { external, operations } = change;
  return {
    opId: change.id,
    kind: 'externalChange',
    occurredAt: at,
    actor: 'system',
    target: change.entityRef,
    payload: {
      title: change.title,
      object: seen.ref,
      clusterUid,
      ...external,
      diff: cut(operations[0].diff),
      from: versionOf(step.before),
      to: versionOf(step.after),
    },
    event: { kind: 'seen', text: sentenceOf(external, seen) },
  };
}

/** Those of the object as it is, or as it was before it was deleted. */
function concernedBy(
  { before }: ExternalStep,
  { seen, concerned }: { seen: SeenObject; concerned: Concerned },
): { primary: string; others: string[] } {
  const object = seen.live ?? (before?.content as KubeObject | undefined);
  const { primary, all } = object ? concerned(object) : { all: [] };
  const entityRef = primary ?? entityOfCluster(seen.ref.cluster);
  return {
    primary: entityRef,
    others: all.filter(other => other !== entityRef),
  };
}

function toOperation(
  { before, after }: ExternalStep,
  external: ExternalChange,
  { ref }: SeenObject,
): PlanOperation {
  return {
    index: 0,
    action: ACTIONS[external.action],
    object: ref,
    ...(before && {
      base: {
        uid: before.uid,
        resourceVersion: before.resourceVersion,
        hash: before.hash,
      },
    }),
    ...(before?.content && { before: before.content }),
    ...(after?.content && { after: after.content }),
    diff: diffContents(before?.content, after?.content),
    fieldManagers: external.claims.map(({ manager }) => manager),
  };
}

function diffContents(
  before: Record<string, unknown> | undefined,
  after: Record<string, unknown> | undefined,
): DiffLine[] {
  return diffObjects(
    before as KubeObject | undefined,
    after as KubeObject | undefined,
  );
}

function cut(diff: DiffLine[]): DiffLine[] {
  const left = diff.length - LOGGED_LINES;
  return left > 0
    ? [
        ...diff.slice(0, LOGGED_LINES),
        { kind: 'gap', text: `${left} more lines` },
      ]
    : diff;
}

function versionOf(observed: ExternalStep['before']) {
  return (
    observed && {
      uid: observed.uid,
      generation: observed.generation,
      resourceVersion: observed.resourceVersion,
    }
  );
}

function sentenceOf(external: ExternalChange, { ref }: SeenObject): string {
  const gap = describeGap(external);
  const { owner } = external;
  return [
    `${nameObject(ref)} was ${
      external.action
    } outside the portal: ${describeClaim(external)}`,
    gap,
    owner &&
      (owner.madeIt
        ? `${owner.name}, which keeps it, made it`
        : `${owner.name} keeps it`),
  ]
    .filter((part): part is string => part !== undefined)
    .map(endSentence)
    .join(' ');
}
