export interface Config {
  /** Components made of a cluster's Services; written by `npm start -- --kubeconfig`. */
  clusterServices?: {
    kubeconfig: string;
    context?: string;
    /** Name of the cluster in `istio.clusters`. */
    cluster: string;
    /** Entity ref that owns what names no owner. */
    defaultOwner: string;
  };
}
