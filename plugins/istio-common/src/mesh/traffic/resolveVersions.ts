import { EntityMatch } from '../../entity/types';
import { readService } from '../../resources/service';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { countPods, podsBehind } from './podsBehind';
import { compareVersions, groupByVersion } from './resolveDefaultRoute';
import { resolveDestinationRule } from './resolveDestinationRule';
import { connectionRoutes, gatewayApiRoutes } from './routingIndex';
import { Version } from './types';

/** The versions of a component in one cluster, and the DestinationRules that define some of them. */
export interface ClusterVersions {
  versions: Version[];
  objects: KubeObject[];
}

/**
 * Versions a route can name: subsets of the Services' DestinationRules, Services that a route uses as
 * backends, and what runs beside them.
 */
export function resolveVersions(
  snapshot: MeshSnapshot,
  match: EntityMatch,
): ClusterVersions {
  const result: ClusterVersions = { versions: [], objects: [] };
  const covered = new Set<string>();
  const addVersion = (version: Version, workloads: readonly WorkloadKey[]) => {
    if (!result.versions.some(({ key }) => key === version.key)) {
      result.versions.push(version);
    }
    workloads.forEach(key => covered.add(workloadKey(key)));
  };
  for (const service of match.services) {
    if (service.cluster === snapshot.cluster) {
      addSubsets({ snapshot, service, result, addVersion });
      addBackend({ snapshot, service, addVersion });
    }
  }
  const rest = match.workloads
    .filter(workload => workload.cluster === snapshot.cluster)
    .filter(workload => !covered.has(workloadKey(workload)));
  for (const version of groupByVersion(snapshot, rest)) {
    const { ready, desired } = countPods(snapshot, version.workloads);
    addVersion(
      {
        key: version.key,
        label: version.label,
        selector: version.selector,
        clusters: [snapshot.cluster],
        podsReady: ready,
        podsDesired: desired,
      },
      version.workloads,
    );
  }
  result.versions.sort(compareVersions);
  return result;
}

function workloadKey({ kind, namespace, name }: WorkloadKey): string {
  return `${kind}/${namespace}/${name}`;
}

type AddVersion = (version: Version, workloads: readonly WorkloadKey[]) => void;

function addSubsets(options: {
  snapshot: MeshSnapshot;
  service: { namespace: string; name: string; host: string };
  result: ClusterVersions;
  addVersion: AddVersion;
}): void {
  const { snapshot, service, result, addVersion } = options;
  const rule = resolveDestinationRule({
    snapshot,
    host: service.host,
    serviceNamespace: service.namespace,
    clientNamespace: service.namespace,
  });
  for (const object of rule?.objects ?? []) {
    if (!result.objects.includes(object)) {
      result.objects.push(object);
    }
  }
  for (const subset of rule?.subsets ?? []) {
    const behind = podsBehind(snapshot, service, subset.labels);
    addVersion(
      {
        key: subset.name,
        label: subset.name,
        selector: subset.labels,
        definedBy: snapshot.refOf(subset.object),
        fieldPath: subset.fieldPath,
        clusters: [snapshot.cluster],
        podsReady: behind.ready,
        podsDesired: behind.desired,
      },
      // A subset without labels is the whole Service: it tells nothing apart.
      Object.keys(subset.labels).length > 0 ? behind.workloads : [],
    );
  }
}

/** A Service is a version when a route uses it as one backend beside the Service it is attached to. */
function addBackend(options: {
  snapshot: MeshSnapshot;
  service: { namespace: string; name: string };
  addVersion: AddVersion;
}): void {
  const { snapshot, service, addVersion } = options;
  const route = [gatewayApiRoutes, connectionRoutes]
    .flatMap(routesOf => routesOf(snapshot, service).backends)
    .find(object =>
      readGatewayApiRoute(object).parents.some(
        ({ kind, name, namespace }) =>
          kind === 'Service' &&
          !(name === service.name && namespace === service.namespace),
      ),
    );
  const object = snapshot.get('Service', service.namespace, service.name);
  if (!route || !object) {
    return;
  }
  const behind = podsBehind(snapshot, service);
  addVersion(
    {
      key: service.name,
      label: service.name,
      selector: readService(object).selector,
      definedBy: snapshot.refOf(object),
      fieldPath: 'selector',
      clusters: [snapshot.cluster],
      podsReady: behind.ready,
      podsDesired: behind.desired,
    },
    behind.workloads,
  );
}
