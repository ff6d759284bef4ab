import { parseEntityRef } from '@backstage/catalog-model';
import type { ObjectRef } from '@istio-backstage/plugin-istio-common';

/** `VirtualService catalog/reviews in prod-eu`. */
export function nameObject(object: ObjectRef): string {
  const name = object.namespace
    ? `${object.namespace}/${object.name}`
    : object.name;
  return `${object.kind} ${name} in ${object.cluster}`;
}

/** "prod-eu", "prod-eu and prod-us", "a, b and c". */
export function joinWords(words: string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1
    ? `${words.slice(0, -1).join(', ')} and ${last}`
    : last;
}

/** Cluster names of objects, each once, in order. */
export function clustersOf(operations: { object: ObjectRef }[]): string[] {
  return [...new Set(operations.map(({ object }) => object.cluster))];
}

/** "Applied in 1 of 2 clusters". */
export function appliedText(
  operations: { object: ObjectRef; outcome: string }[],
): string {
  const all = clustersOf(operations);
  const applied = all.filter(cluster =>
    operations
      .filter(({ object }) => object.cluster === cluster)
      .every(({ outcome }) => outcome === 'applied'),
  );
  return `Applied in ${applied.length} of ${all.length} ${
    all.length === 1 ? 'cluster' : 'clusters'
  }`;
}

/** `mira.kovac` of `user:default/mira.kovac`. */
export function shortName(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}

/** Ends a sentence that may end already. */
export function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Where the portal shows a change, from the portal's address on. */
export function pageOf(change: { id: string; entityRef: string }): string {
  const { kind, namespace, name } = parseEntityRef(change.entityRef);
  return `/catalog/${namespace}/${kind}/${name}/mesh/changes?change=${change.id}`;
}
