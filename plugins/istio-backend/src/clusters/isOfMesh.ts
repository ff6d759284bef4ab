import { KINDS, type KindName } from '@istio-backstage/plugin-istio-common';

const GROUPS: readonly string[] = [
  'networking.istio.io',
  'security.istio.io',
  'telemetry.istio.io',
  'extensions.istio.io',
  'gateway.networking.k8s.io',
];

/** Whether objects of the kind configure the mesh, and are not just seen by it. */
export function isOfMesh(kind: KindName): boolean {
  return GROUPS.includes(KINDS[kind].group);
}
