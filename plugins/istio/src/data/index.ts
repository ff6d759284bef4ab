export { IstioSurface, useMeshEvents } from './IstioSurface';
export { ANY_ENTITY, istioQueryKeys } from './queryKeys';
export {
  useComponentList,
  useComponentMesh,
  useEntityAccess,
  useGoldenSignals,
  REFETCH_INTERVAL_MS,
} from './useIstioQuery';
export type { MeshScope } from './useIstioQuery';
