/** Marks what this product created; recommended label of Kubernetes. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'istio-portal' };
