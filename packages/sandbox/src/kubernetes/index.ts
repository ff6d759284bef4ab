export * from './types';
export { createKubernetesCluster } from './createKubernetesCluster';
