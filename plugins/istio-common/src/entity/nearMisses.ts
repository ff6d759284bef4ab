import { describeSelector } from '../resources/selector';
import { readWorkload } from '../resources/workload';
import { KubeObject } from '../resources/types';
import { MeshSnapshot } from '../snapshot/types';
import { judgeBinding, NamespaceBinding } from './judgeBinding';
import { EntityMeshClaim, NearMiss } from './types';

/** Per cluster; more would be a list, not a hint. */
const MAXIMUM = 5;

/**
 * Workloads that the claim probably meant, with what keeps them from matching. Only from namespaces that
 * the entity's owner may see.
 */
export function findNearMisses(options: {
  claim: EntityMeshClaim;
  snapshot: MeshSnapshot;
  binding: NamespaceBinding;
}): NearMiss[] {
  const { claim, snapshot, binding } = options;
  const visible = (namespace: string) =>
    judgeBinding({ snapshot, namespace, ownerRef: claim.ownerRef, binding })
      .allowed;
  const elsewhere = claim.namespace
    ? snapshot
        .findWorkloads(claim.selector)
        .filter(
          ({ key }) =>
            key.namespace !== claim.namespace && visible(key.namespace),
        )
        .map(({ key }) => ({
          cluster: snapshot.cluster,
          ...key,
          whyNot: `namespace is \`${key.namespace}\`, the entity asks for \`${claim.namespace}\``,
        }))
    : [];
  return [...elsewhere, ...findMisspelt(claim, snapshot, visible)].slice(
    0,
    MAXIMUM,
  );
}

function findMisspelt(
  claim: EntityMeshClaim,
  snapshot: MeshSnapshot,
  visible: (namespace: string) => boolean,
): NearMiss[] {
  const misses: NearMiss[] = [];
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'] as const) {
    const objects = claim.namespace
      ? snapshot.inNamespace(kind, claim.namespace)
      : snapshot.list(kind);
    for (const object of objects) {
      const { namespace = '', name } = object.metadata;
      const whyNot = whyAlmost(claim.selector, object);
      if (whyNot && visible(namespace)) {
        misses.push({
          cluster: snapshot.cluster,
          namespace,
          kind,
          name,
          whyNot,
        });
      }
      if (misses.length >= MAXIMUM) {
        return misses;
      }
    }
  }
  return misses;
}

/** Exactly one term of the selector fails, and by a value that looks like a slip. */
function whyAlmost(
  selector: Readonly<Record<string, string>>,
  object: KubeObject,
): string | undefined {
  const { labels } = readWorkload(object);
  const failing = Object.keys(selector).filter(
    key => labels[key] !== selector[key],
  );
  if (failing.length !== 1) {
    return undefined;
  }
  const [key] = failing;
  const actual = labels[key];
  if (actual === undefined) {
    return Object.keys(selector).length > 1 ||
      object.metadata.name === selector[key]
      ? `has no label ${key}, the entity asks for ${describeSelector(selector)}`
      : undefined;
  }
  return looksLike(actual, selector[key])
    ? `label ${key} is \`${actual}\`, the entity asks for \`${selector[key]}\``
    : undefined;
}

/** Equal but for case, one the start of the other, or at most two letters apart. */
function looksLike(a: string, b: string): boolean {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  if (x === y) {
    return true;
  }
  const [short, long] = x.length <= y.length ? [x, y] : [y, x];
  if (short.length >= 3 && long.startsWith(short)) {
    return true;
  }
  return (
    short.length >= 4 && long.length - short.length <= 2 && distance(x, y) <= 2
  );
}

/** Levenshtein distance, for label values (at most 63 characters). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      current[j] = Math.min(
        previous[j] + 1,
        current[j - 1] + 1,
        previous[j - 1] + change,
      );
    }
    previous = current;
  }
  return previous[b.length];
}
