import type { ManagedFieldsEntry } from '@istio-backstage/plugin-istio-common';

type FieldSet = Record<string, unknown>;

/** Lists are one field to their manager, as Istio's routes and subsets are (atomic lists). */
function fieldsOf(value: unknown): FieldSet {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return {};
  }
  const fields: FieldSet = {};
  for (const [key, child] of Object.entries(value)) {
    fields[`f:${key}`] = fieldsOf(child);
  }
  return fields;
}

const SERVER_OWNED = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
]);

/** The entry a client leaves that wrote all of this object. */
export function managedBy(
  object: Record<string, unknown> & {
    apiVersion: string;
    metadata: object;
  },
  options: { manager: string; operation: string; time: string },
): ManagedFieldsEntry {
  const { apiVersion, kind: _, metadata, status: __, ...content } = object;
  const own = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !SERVER_OWNED.has(key)),
  );
  return {
    manager: options.manager,
    operation: options.operation,
    apiVersion,
    time: options.time,
    fieldsType: 'FieldsV1',
    fieldsV1: {
      ...(Object.keys(own).length > 0 ? { 'f:metadata': fieldsOf(own) } : {}),
      ...fieldsOf(content),
    },
  };
}
