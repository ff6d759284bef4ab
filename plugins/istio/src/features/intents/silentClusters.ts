import type { ComponentMesh } from '@istio-backstage/plugin-istio-common';

/** Clusters that do not answer, so that nothing can be changed there. */
export function silentClusters(
  mesh: Pick<ComponentMesh, 'clusters'>,
): string[] {
  return mesh.clusters
    .filter(({ state }) => state !== 'fresh')
    .map(({ name }) => name);
}
