import {
  findControlPlanes,
  type MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';

/** Version of the cluster's istiod. With several revisions: all of them, newest first, comma separated. */
export function readIstioVersion(snapshot: MeshSnapshot): string | undefined {
  const versions = new Set(
    findControlPlanes(snapshot).flatMap(({ version }) => version ?? []),
  );
  const sorted = [...versions].sort((a, b) =>
    b.localeCompare(a, 'en', { numeric: true }),
  );
  return sorted.length > 0 ? sorted.join(', ') : undefined;
}
