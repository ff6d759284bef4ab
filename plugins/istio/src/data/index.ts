export { IstioSurface, useMeshEvents } from './IstioSurface';
export { useChangeAccess } from './useChangeAccess';
export type { ChangeAccess } from './useChangeAccess';
export {
  useAuditCoverage,
  useAuditEntries,
  useAuditThread,
  useAuditVerification,
} from './useAuditQueries';
export { useApprovals } from './useApprovals';
export { useUnreviewed } from './useUnreviewed';
export { ANY_ENTITY, istioQueryKeys } from './queryKeys';
export {
  useComponentList,
  useComponentMesh,
  useGoldenSignals,
  REFETCH_INTERVAL_MS,
} from './useIstioQuery';
export type { MeshScope } from './useIstioQuery';
export {
  useAuthorization,
  useComponentSecurity,
  useNamespaceReadiness,
} from './useSecurityQueries';
export {
  useFindingList,
  useFindings,
  usePosture,
  useObject,
  useRule,
} from './useFindingQueries';
export {
  useComponentExposure,
  useComponentResilience,
  useRequestAnswer,
} from './useTrafficQueries';
