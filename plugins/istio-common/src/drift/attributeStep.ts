import { buildJsonPatch } from '../changes/buildJsonPatch';
import type {
  ExternalAction,
  ExternalChange,
  OwnerClaim,
  WriterClaim,
} from '../changes/externalChange';
import { findFieldManagers } from '../changes/findFieldManagers';
import { findController, findOwner } from '../policy/policies/findForeignOwner';
import { timeOf } from '../resources/fields';
import type {
  KubeObject,
  ManagedFieldsEntry,
  ObjectMeta,
} from '../resources/types';
import type { ExternalStep, ObservedObject, Writer } from './types';

/** Fields that are named; a person reads the diff beyond that. */
const FIELDS_AT_MOST = 20;

/** Name under which the product itself writes. */
const OWN_MANAGER = 'istio-portal';

/**
 * What is known of a change: what it did, to which fields, and who made it as far as `managedFields`
 * claims. Fields of server-side apply are compared by the entries that are new or were written since;
 * where the times do not tell (they have whole seconds), by who holds the changed fields now.
 *
 * `live` is the object as it is seen now, with its `managedFields`; absent after a deletion, of which
 * no object tells who asked for it.
 */
export function attributeStep(
  step: ExternalStep,
  live?: KubeObject,
): ExternalChange {
  const { before, after } = step;
  const action = actionOf(step);
  const pointers = changedPointers(step);
  const claims = action === 'deleted' ? [] : claimWriters(step, pointers, live);
  const owner = findOwnerOf(after ?? before, claims);
  const generations = countGenerations(step, action);
  return {
    action,
    claims,
    ...(owner && { owner }),
    fields: pointers.slice(0, FIELDS_AT_MOST).map(formatPointer),
    ...(generations !== undefined && { generations }),
    hash: {
      ...(before && { before: before.hash }),
      ...(after && { after: after.hash }),
    },
    hidden: [
      ...new Set([...(before?.hidden ?? []), ...(after?.hidden ?? [])]),
    ].sort(),
    ...whyUnseen(step, action, pointers),
  };
}

function actionOf({ before, after }: ExternalStep): ExternalAction {
  if (!before) return 'created';
  if (!after) return 'deleted';
  return before.uid === after.uid ? 'edited' : 'recreated';
}

/** JSON pointers of what is different; none where one of the objects is not kept. */
function changedPointers({ before, after }: ExternalStep): string[] {
  if (!before?.content || !after?.content) return [];
  const { apiVersion: _old, ...old } = before.content;
  const { apiVersion: _now, ...now } = after.content;
  return [...new Set(buildJsonPatch(old, now).map(({ path }) => path))];
}

function claimWriters(
  { before, after }: ExternalStep,
  pointers: string[],
  live?: KubeObject,
): WriterClaim[] {
  const entries = (live?.metadata.managedFields ?? []).filter(
    ({ manager, subresource }) =>
      manager && manager !== OWN_MANAGER && subresource !== 'status',
  );
  const isSameObject = before !== undefined && before.uid === after?.uid;
  const known = isSameObject ? before.writers : [];
  const since = entries.filter(entry => !known.some(isSameWriter(entry)));
  const holding = entries.filter(entry => holds(entry, pointers));
  // Whoever is claimed is one of the last to have written; the newest stands first.
  const claimed = [since, holding].find(list => list.length > 0) ?? [];
  return claimed
    .map(entry => toClaim(entry, pointers))
    .sort((a, b) => (timeOf(b.at) ?? 0) - (timeOf(a.at) ?? 0));
}

function isSameWriter(entry: ManagedFieldsEntry) {
  return (known: Writer) =>
    known.manager === entry.manager &&
    known.operation === entry.operation &&
    known.subresource === entry.subresource &&
    known.time === entry.time;
}

function toClaim(entry: ManagedFieldsEntry, pointers: string[]): WriterClaim {
  const fields = entry.fieldsV1
    ? pointers.filter(pointer => holds(entry, [pointer]))
    : undefined;
  return {
    manager: entry.manager ?? '',
    ...(entry.operation && { operation: entry.operation }),
    ...(entry.time && { at: entry.time }),
    ...(fields && {
      fields: fields.slice(0, FIELDS_AT_MOST).map(formatPointer),
    }),
  };
}

function holds(entry: ManagedFieldsEntry, pointers: string[]): boolean {
  if (pointers.length === 0) return false;
  const metadata = { name: '', managedFields: [entry] };
  return (
    findFieldManagers({ apiVersion: '', kind: '', metadata }, pointers).length >
    0
  );
}

function findOwnerOf(
  object: ObservedObject | undefined,
  claims: WriterClaim[],
): OwnerClaim | undefined {
  const metadata = object?.content?.metadata as ObjectMeta | undefined;
  const writer = findController(claims.map(({ manager }) => manager));
  const owner = (metadata && findOwner(metadata)) ?? writer;
  return (
    owner && {
      name: owner.owner,
      advice: owner.advice,
      madeIt: writer !== undefined,
    }
  );
}

function countGenerations(
  { before, after }: ExternalStep,
  action: ExternalAction,
): number | undefined {
  if (action !== 'edited') return undefined;
  if (before?.generation === undefined || after?.generation === undefined) {
    return undefined;
  }
  const count = after.generation - before.generation;
  return count > 0 ? count : undefined;
}

function whyUnseen(
  { before, after }: ExternalStep,
  action: ExternalAction,
  pointers: string[],
): Pick<ExternalChange, 'unseen'> {
  const isKept = [before, after].every(one => !one || one.content);
  if (!isKept) return { unseen: 'The object is too large to be kept' };
  if (action !== 'edited' || pointers.length > 0) return {};
  return {
    unseen: before?.hidden.length
      ? 'Only values changed that are not kept, or what changed was taken back'
      : 'What changed was taken back before it could be seen',
  };
}

/** `/spec/http/0/route` as `spec.http[0].route`. */
function formatPointer(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map(segment => segment.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((path, segment) => {
      if (/^\d+$/.test(segment) && path) return `${path}[${segment}]`;
      const name = /^[\w-]+$/.test(segment) ? segment : `["${segment}"]`;
      if (!path || name.startsWith('[')) return `${path}${name}`;
      return `${path}.${name}`;
    }, '');
}
