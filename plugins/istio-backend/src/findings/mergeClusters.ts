import {
  compareFindings,
  MeshFinding,
  SharedFinding,
} from '@istio-backstage/plugin-istio-common';

/** Findings of several clusters, one for all that say the same, worst first. */
export function mergeClusters<T extends MeshFinding>(
  found: readonly { cluster: string; finding: T }[],
): (T & SharedFinding)[] {
  const merged = new Map<string, T & SharedFinding>();
  for (const { cluster, finding } of found) {
    const key = identify(finding);
    const known = merged.get(key);
    if (known) known.clusters.push(cluster);
    else merged.set(key, { ...finding, clusters: [cluster] });
  }
  return [...merged.values()].sort(compareFindings);
}

function identify(finding: MeshFinding): string {
  const { code, severity, message, object, path, fix } = finding;
  const { kind, namespace, name } = object;
  return JSON.stringify([
    code,
    severity,
    message,
    kind,
    namespace,
    name,
    path,
    fix,
  ]);
}
