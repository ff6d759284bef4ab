import { readPod } from '../../resources/pod';
import type { MeshSnapshot } from '../../snapshot/types';

/**
 * Replicas of istiod that can be asked, every revision's: each knows only the proxies that are connected to it.
 *
 * Source: istio/istio manifests/charts/istio-control/istio-discovery/templates/deployment.yaml (label app).
 */
export function findIstiodPods(
  snapshot: MeshSnapshot,
): { namespace: string; name: string }[] {
  return snapshot
    .inNamespace('Pod', snapshot.rootNamespace)
    .filter(pod => {
      const { ready, gone } = readPod(pod);
      return pod.metadata.labels?.app === 'istiod' && ready && !gone;
    })
    .map(({ metadata }) => ({
      namespace: metadata.namespace ?? snapshot.rootNamespace,
      name: metadata.name,
    }));
}
