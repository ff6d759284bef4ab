import {
  EntityMatch,
  MeshSnapshot,
  WorkloadKey,
} from '@istio-backstage/plugin-istio-common';

/** The workload with what else its Services select: a split is between workloads. */
export function matchServices(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): EntityMatch {
  const services = snapshot.servicesOf(workload);
  const keys = new Map(
    [
      workload,
      ...services.flatMap(service =>
        snapshot.workloadsMatching(
          workload.namespace,
          (service.spec?.selector ?? {}) as Record<string, string>,
        ),
      ),
    ].map(key => [`${key.kind}/${key.name}`, key]),
  );
  return {
    nearMisses: [],
    workloads: [...keys.values()].map(key => ({
      ...key,
      cluster: snapshot.cluster,
      podsReady: 0,
      podsDesired: 0,
      why: '',
    })),
    services: services.map(service => ({
      cluster: snapshot.cluster,
      namespace: workload.namespace,
      name: service.metadata.name,
      host: `${service.metadata.name}.${workload.namespace}.svc.${snapshot.domain}`,
      ports: [],
      why: '',
    })),
  };
}
