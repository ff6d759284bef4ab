/** Annotations of the portal's own Kubernetes plugin. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';
export const KUBERNETES_LABEL_SELECTOR =
  'backstage.io/kubernetes-label-selector';
export const KUBERNETES_NAMESPACE = 'backstage.io/kubernetes-namespace';
export const KUBERNETES_CLUSTER = 'backstage.io/kubernetes-cluster';

/** This product's annotations, for what the portal's own cannot say; they win over those. */
export const MESH_SELECTOR = 'istio-portal.dev/selector';
export const MESH_NAMESPACE = 'istio-portal.dev/namespace';
export const MESH_CLUSTERS = 'istio-portal.dev/clusters';
export const MESH_SERVICE = 'istio-portal.dev/service';
