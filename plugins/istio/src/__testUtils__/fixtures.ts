export { FIXTURE_NOW, freshCluster, staleCluster } from './clusterFixtures';
export { PAYMENTS_REF, paymentsMesh, unmatchedMesh } from './meshFixtures';
export {
  allowedAccess,
  componentList,
  paymentsSignals,
  refusedByCluster,
} from './answerFixtures';
