import { KIND_NAMES, KindName, kindNameOf } from '../resources/kinds';
import { KubeObject } from '../resources/types';
import { buildSnapshot, SnapshotInput } from '../snapshot/buildSnapshot';
import { MeshSnapshot } from '../snapshot/types';

/** 14 Jul 2026, 14:32 UTC: the moment of the mocks. */
export const NOW = Date.UTC(2026, 6, 14, 14, 32);

/** A snapshot of these objects in which every kind has been read. Throws for kinds the product does not read. */
export function snapshotOf(
  objects: readonly KubeObject[],
  options: Partial<Omit<SnapshotInput, 'objects'>> = {},
): MeshSnapshot {
  const byKind = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const object of objects) {
    const kind = kindNameOf(object);
    if (!kind) {
      throw new Error(`${object.apiVersion} ${object.kind} is not in KINDS`);
    }
    byKind[kind].push(object);
  }
  return buildSnapshot({
    cluster: 'prod-eu',
    asOf: NOW,
    ...options,
    objects: byKind,
  });
}
