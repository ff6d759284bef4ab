import type { ObservedObject } from '@istio-backstage/plugin-istio-common';
import type { KnownState, StoredObservation } from './types';

/** Row of `observed_object`. Postgres answers bigints as text, SQLite booleans as numbers. */
export interface ObservationRow {
  cluster_uid: string;
  object_key: string;
  kind: string;
  uid: string;
  generation: number | string | null;
  resource_version: string;
  hash: string;
  change_id: string | null;
  writers: string;
  content: string | null;
  hidden: string;
  is_gone: boolean | number;
  seen_at: number | string;
}

/** Columns that {@link toKnownState} reads. */
export const STATE_COLUMNS = [
  'object_key',
  'uid',
  'generation',
  'resource_version',
  'hash',
  'is_gone',
] as const;

export function toObservationColumns(observed: ObservedObject) {
  return {
    uid: observed.uid,
    generation: observed.generation ?? null,
    resource_version: observed.resourceVersion,
    hash: observed.hash,
    change_id: observed.changeId?.slice(0, 26) ?? null,
    writers: JSON.stringify(observed.writers),
    content: observed.content ? JSON.stringify(observed.content) : null,
    hidden: JSON.stringify(observed.hidden),
    is_gone: false,
  };
}

export function fromObservationRow(row: ObservationRow): StoredObservation {
  const { uid, resourceVersion, hash, isGone, generation } = toKnownState(row);
  return {
    isGone,
    observed: {
      uid,
      resourceVersion,
      hash,
      ...(generation !== undefined && { generation }),
      ...(row.change_id !== null && { changeId: row.change_id }),
      writers: JSON.parse(row.writers),
      ...(row.content !== null && { content: JSON.parse(row.content) }),
      hidden: JSON.parse(row.hidden),
    },
  };
}

export function toKnownState(
  row: Pick<ObservationRow, (typeof STATE_COLUMNS)[number]>,
): KnownState {
  return {
    uid: row.uid,
    ...(row.generation !== null && { generation: Number(row.generation) }),
    resourceVersion: row.resource_version,
    hash: row.hash,
    isGone: Boolean(row.is_gone),
  };
}
