import type { KubeObject } from '../../../resources/types';

/**
 * Services that the installation of Istio or its Gateway controller makes: not for their owner to change.
 *
 * Source: istio/istio analyzers/util IsIstioControlPlane, analyzers/service/portname.go.
 */
export function isManagedByIstio({ metadata }: KubeObject): boolean {
  const labels = metadata.labels ?? {};
  return (
    labels.istio !== undefined ||
    labels.release === 'istio' ||
    labels['gateway.istio.io/managed'] !== undefined
  );
}
