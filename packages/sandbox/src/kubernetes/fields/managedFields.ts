import type { ManagedFieldsEntry } from '@istio-backstage/plugin-istio-common';
import type { SchemaCatalog } from '../resources/SchemaCatalog';
import type { SchemaNode } from '@istio-backstage/plugin-istio-common/schema';
import { isObject, jsonEqual, type JsonObject } from '../json';
import { compareFields, fieldsOf } from './compareFields';
import { FieldSet } from './FieldSet';
import { mergeApplied, removeFields } from './mergeApplied';

/** Who writes, with which version, through which door. */
interface FieldWriter {
  manager: string;
  apiVersion: string;
  subresource?: string;
  /** RFC 3339, seconds. */
  time: string;
}

interface Owner {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource?: string;
  time?: string;
  fields: FieldSet;
}

/** One field another manager holds. */
export interface ApplyConflict {
  manager: string;
  path: string;
}

/** Kubernetes keeps at most this many Update entries; older ones are merged into one. */
const MAX_UPDATE_OWNERS = 10;

/** Fields nobody owns. */
const SERVER_FIELDS = [
  ['f:apiVersion'],
  ['f:kind'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map(name => ['f:metadata', `f:${name}`]),
];

/** What a write through this door can never own: status for the main one, everything else for status. */
export interface OwnershipRules {
  schema: SchemaNode;
  catalog: SchemaCatalog;
  /** The kind's object before anybody wrote to it. */
  empty: JsonObject;
  /** Top-level fields reset by the server on this write. */
  reset: string[][];
}

function ownable(fields: FieldSet, rules: OwnershipRules): FieldSet {
  const kept = [...SERVER_FIELDS, ...rules.reset].reduce(
    (set, path) => set.without(path),
    fields,
  );
  // `metadata` itself has no owner, only what is in it.
  const metadata = kept.child('f:metadata');
  const children = new Map(kept.children);
  children.set('f:metadata', FieldSet.of(false, new Map(metadata.children)));
  return FieldSet.of(false, children);
}

function readOwners(object: JsonObject): Owner[] {
  const metadata = object.metadata as { managedFields?: ManagedFieldsEntry[] };
  return (metadata.managedFields ?? [])
    .filter(entry => entry.operation && isObject(entry.fieldsV1))
    .map(entry => ({
      manager: entry.manager ?? 'unknown',
      operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: entry.apiVersion ?? '',
      subresource: entry.subresource,
      time: entry.time,
      fields: FieldSet.parse(entry.fieldsV1!),
    }));
}

/** Appliers first, then by time (none first), then by name. */
function byOperationAndTime(left: Owner, right: Owner): number {
  const keys = ({
    operation,
    time,
    manager,
    apiVersion,
    subresource,
  }: Owner) => [operation, time ?? '', manager, apiVersion, subresource ?? ''];
  const [a, b] = [keys(left), keys(right)];
  const index = a.findIndex((key, position) => key !== b[position]);
  if (index < 0) {
    return 0;
  }
  return a[index] < b[index] ? -1 : 1;
}

function writeOwners(owners: Owner[]): ManagedFieldsEntry[] {
  return owners
    .filter(owner => !owner.fields.isEmpty())
    .sort(byOperationAndTime)
    .map(owner => ({
      apiVersion: owner.apiVersion,
      fieldsType: 'FieldsV1',
      fieldsV1: owner.fields.toJson(),
      manager: owner.manager,
      operation: owner.operation,
      ...(owner.subresource ? { subresource: owner.subresource } : {}),
      ...(owner.time ? { time: owner.time } : {}),
    }));
}

function isSame(owner: Owner, writer: FieldWriter, operation: string): boolean {
  return (
    owner.manager === writer.manager &&
    owner.operation === operation &&
    (owner.subresource ?? '') === (writer.subresource ?? '') &&
    (operation === 'Apply' || owner.apiVersion === writer.apiVersion)
  );
}

function withoutMetadata(object: JsonObject | undefined): JsonObject {
  if (!object) {
    return {};
  }
  const { managedFields: _owners, ...metadata } = (object.metadata ??
    {}) as JsonObject;
  return { ...object, metadata };
}

/**
 * `managedFields` after a create, update or patch: the writer owns what it added or changed, the others lose it.
 * Without any owner before (and an object that existed), ownership stays untracked, as in Kubernetes.
 */
export function trackUpdate(options: {
  before?: JsonObject;
  after: JsonObject;
  writer: FieldWriter;
  rules: OwnershipRules;
}): ManagedFieldsEntry[] {
  const { before, after, writer, rules } = options;
  // A list that the writer sends counts, `[{}]` resets it; none, or an empty one, leaves the present owners.
  const sent = (after.metadata as JsonObject).managedFields;
  const isSent = Array.isArray(sent) && sent.length > 0;
  const owners = readOwners(isSent || !before ? after : before);
  if (before && owners.length === 0) {
    return [];
  }
  const compared = compareFields(
    withoutMetadata(before ?? { metadata: {}, ...rules.empty }),
    withoutMetadata(after),
    rules.schema,
    rules.catalog,
  );
  const changed = ownable(compared.added.union(compared.modified), rules);
  const lost = changed.union(compared.removed);
  const own = owners.find(owner => isSame(owner, writer, 'Update'));
  const others = owners
    .filter(owner => owner !== own)
    .map(owner => ({ ...owner, fields: owner.fields.difference(lost) }));
  const fields = (own?.fields ?? FieldSet.EMPTY)
    .difference(compared.removed)
    .union(changed);
  const moved = !changed.isEmpty() || !own || !fields.equals(own.fields);
  const time = moved ? writer.time : own.time;
  return writeOwners(
    capUpdates([...others, { ...writer, time, operation: 'Update', fields }]),
  );
}

function capUpdates(owners: Owner[]): Owner[] {
  const updates = owners
    .filter(owner => owner.operation === 'Update' && !owner.fields.isEmpty())
    .sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1));
  const surplus = updates.length - MAX_UPDATE_OWNERS;
  if (surplus <= 0) {
    return owners;
  }
  const old = updates.slice(0, surplus + 1);
  const merged = old.reduce((a, b) => ({
    ...a,
    time: b.time,
    fields: a.fields.union(b.fields),
  }));
  return [
    ...owners.filter(owner => !old.includes(owner)),
    { ...merged, manager: 'ancient-changes' },
  ];
}

type ApplyResult =
  | { ok: true; object: JsonObject; managedFields: ManagedFieldsEntry[] }
  | { ok: false; conflicts: ApplyConflict[] };

/**
 * Server-side apply: the configuration over the live object, without the fields this manager applied before and no
 * longer names (unless somebody else owns them). A changed field that another manager owns is a conflict.
 * Source: kubernetes.io/docs/reference/using-api/server-side-apply.
 */
export function applyConfiguration(options: {
  live: JsonObject;
  configuration: JsonObject;
  writer: FieldWriter;
  force: boolean;
  rules: OwnershipRules;
}): ApplyResult {
  const { live, configuration, writer, rules } = options;
  const { schema, catalog } = rules;
  const owners = ownersBeforeApply(live, writer, rules);
  const previous = owners.find(owner => isSame(owner, writer, 'Apply'));
  // Names and apiVersion are in the configuration too: they keep `metadata` from being pruned as abandoned.
  const named = fieldsOf(configuration, schema, catalog);
  const fields = ownable(named, rules);
  const merged = mergeApplied(
    withoutMetadata(live),
    configuration,
    schema,
    catalog,
  ) as JsonObject;
  const others = owners.filter(owner => owner !== previous);
  const object = pruneAbandoned({
    merged,
    last: previous?.fields ?? FieldSet.EMPTY,
    owned: others.reduce((set, owner) => set.union(owner.fields), named),
    rules,
  });
  const compared = compareFields(
    withoutMetadata(live),
    object,
    schema,
    catalog,
  );
  const changed = compared.added.union(compared.modified);
  const conflicts = others.flatMap(owner =>
    owner.fields
      .intersection(changed)
      .paths()
      .map(path => ({ manager: describeOwner(owner), path })),
  );
  if (conflicts.length > 0 && !options.force) {
    return { ok: false, conflicts };
  }
  const lost = changed.union(compared.removed);
  // An apply that changes no value is not timed, not even as the manager's first one.
  const time = lost.isEmpty() ? previous?.time : writer.time;
  const managedFields = writeOwners([
    ...others.map(owner => ({
      ...owner,
      fields: owner.fields.difference(lost),
    })),
    { ...writer, time, operation: 'Apply', fields },
  ]);
  return { ok: true, object, managedFields };
}

function ownersBeforeApply(
  live: JsonObject,
  writer: FieldWriter,
  rules: OwnershipRules,
): Owner[] {
  const owners = readOwners(live);
  const { uid } = live.metadata as JsonObject;
  if (owners.length > 0 || uid === undefined) {
    return owners;
  }
  // An object nobody tracked: what it holds belongs to whoever came before.
  const entries = trackUpdate({
    after: live,
    writer: { ...writer, manager: 'before-first-apply' },
    rules,
  });
  return readOwners({ metadata: { managedFields: entries } });
}

/** Removes what the manager's last configuration named and nobody names now. */
function pruneAbandoned(options: {
  merged: JsonObject;
  last: FieldSet;
  owned: FieldSet;
  rules: OwnershipRules;
}): JsonObject {
  const { merged, last, owned, rules } = options;
  const { schema, catalog } = rules;
  if (last.isEmpty()) {
    return merged;
  }
  const fieldsIn = (value: JsonObject) =>
    fieldsOf(value, schema, catalog).withNamedParents();
  const remove = (fields: FieldSet) =>
    removeFields(merged, fields, schema, catalog) as JsonObject;
  const all = fieldsIn(merged);
  const named = last.withNamedParents();
  const stripped = remove(named);
  const kept = fieldsIn(stripped).union(owned.withNamedParents());
  const withOwned = remove(all.difference(kept));
  return remove(all.difference(fieldsIn(withOwned)).intersection(named));
}

function describeOwner(owner: Owner): string {
  const name = JSON.stringify(owner.manager);
  const part = owner.subresource
    ? `${name} with subresource ${JSON.stringify(owner.subresource)}`
    : name;
  return owner.operation === 'Update'
    ? `${part} using ${owner.apiVersion}`
    : part;
}

/** Whether two states differ in more than the times of their managed fields: only then is a write stored. */
export function sameButTimes(left: JsonObject, right: JsonObject): boolean {
  const timeless = (object: JsonObject) => {
    const metadata = object.metadata as JsonObject;
    const entries = (metadata.managedFields ?? []) as ManagedFieldsEntry[];
    return {
      ...object,
      metadata: {
        ...metadata,
        managedFields: entries.map(({ time: _time, ...entry }) => entry),
      },
    };
  };
  return jsonEqual(timeless(left), timeless(right));
}
