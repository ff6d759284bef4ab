import {
  resolveInjection,
  type InjectionWish,
} from '../../resources/namespace';
import type { Labels } from '../../resources/selector';
import type { MeshSnapshot } from '../../snapshot/types';

/** Source: istio/istio pkg/kube/inject IgnoredNamespaces. */
export const NEVER_INJECTED: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

/** Pods as the injector sees them before they exist. */
export interface PodShape {
  namespace: string;
  labels: Labels;
  annotations: Labels;
  /** As written in the pod's spec. */
  hostNetwork: unknown;
}

/**
 * Whether the injector is to give such pods a sidecar. Its annotation cannot ask for one where no label
 * calls the injector, but can refuse one.
 *
 * Source: istio/istio pkg/kube/inject injectRequired (1.31).
 */
export function wantsSidecar(
  snapshot: MeshSnapshot,
  { namespace, labels, annotations, hostNetwork }: PodShape,
): InjectionWish {
  if (NEVER_INJECTED.has(namespace)) {
    return { wanted: false, why: `${namespace} is never injected` };
  }
  if (hostNetwork === true) {
    return { wanted: false, why: 'the pods use the network of the node' };
  }
  const key = 'sidecar.istio.io/inject';
  const wish = resolveInjection(
    snapshot.get('Namespace', undefined, namespace),
    labels,
  );
  return labels[key] === undefined && annotations[key] === 'false'
    ? { wanted: false, why: `pod annotation ${key}=false` }
    : wish;
}
