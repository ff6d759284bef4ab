/**
 * The Mesh tab, entity cards and mesh page of Istio self-service, for both frontend systems.
 *
 * @packageDocumentation
 */
export { istioFrontendPlugin as default } from './plugin';
export {
  EntityIstioContent,
  EntityIstioHealthCard,
  EntityIstioMtlsCard,
  EntityIstioTrafficSplitCard,
  IstioPage,
  istioPlugin,
} from './legacy';
export { istioApiRef } from './api';
export { isIstioAvailable } from './isIstioAvailable';
export { istioTranslationRef } from './translation';
