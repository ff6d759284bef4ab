/** Annotations of the portal's own Kubernetes plugin. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';
/** Label selector of the entity's Kubernetes objects. */
export const KUBERNETES_LABEL_SELECTOR =
  'backstage.io/kubernetes-label-selector';
/** Namespace of the entity. */
export const KUBERNETES_NAMESPACE = 'backstage.io/kubernetes-namespace';
/** The one cluster of the entity. */
export const KUBERNETES_CLUSTER = 'backstage.io/kubernetes-cluster';

/** This product's annotations, for what the portal's own cannot say; they win over those. */
export const MESH_SELECTOR = 'istio-portal.dev/selector';
/** Namespace of the entity. */
export const MESH_NAMESPACE = 'istio-portal.dev/namespace';
/** Clusters of the entity, separated by commas. */
export const MESH_CLUSTERS = 'istio-portal.dev/clusters';
/** Thresholds of health as JSON, see `healthSettingsSchema`; on an entity or a Namespace. */
export const MESH_HEALTH = 'istio-portal.dev/health';
/** Names of Services that belong to the entity, separated by commas. */
export const MESH_SERVICE = 'istio-portal.dev/service';
