import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { ScenarioNamespace } from '../schema';
import { momentOf, timestamp, WorldTimes } from '../timeline';

/** A Namespace with the label that brings its pods into the mesh. */
export function namespaceObject(
  namespace: ScenarioNamespace,
  times: WorldTimes,
): KubeObject {
  const mesh: Record<string, Record<string, string>> = {
    sidecar: { 'istio-injection': 'enabled' },
    ambient: { 'istio.io/dataplane-mode': 'ambient' },
    none: {},
  };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace.name,
      creationTimestamp: timestamp(momentOf(times, namespace.age)),
      labels: {
        'kubernetes.io/metadata.name': namespace.name,
        ...mesh[namespace.mesh],
        ...(namespace.waypoint
          ? { 'istio.io/use-waypoint': namespace.waypoint }
          : {}),
        ...namespace.labels,
      },
      annotations: namespace.annotations,
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
