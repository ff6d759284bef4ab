import { EntityMatch, WorkloadMatch } from '../../entity/types';
import { readKubernetesGateway } from '../../resources/gateway';
import {
  resolveAmbientWish,
  resolveInjection,
} from '../../resources/namespace';
import { PodProxy, readPod } from '../../resources/pod';
import { readWorkload } from '../../resources/workload';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { ProxyGroups } from './ProxyGroups';
import { DataPlane } from './types';

interface Seen {
  counts: Record<PodProxy, number>;
  versions: Set<string>;
  groups: ProxyGroups;
  pods: number;
  /** Clusters whose pods cannot be read. */
  unread: string[];
  why: Set<string>;
  waypoints: Set<string>;
}

/**
 * How the traffic of a component gets into the mesh, by its pods: a proxy container or Istio's own mark
 * of an ambient capture. Labels only say what is wanted; where they disagree with the pods, `why` says so.
 */
export function resolveDataPlane(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
}): DataPlane {
  const { match, snapshots } = options;
  const seen: Seen = {
    counts: { sidecar: 0, gateway: 0, ambient: 0, none: 0 },
    versions: new Set(),
    groups: new ProxyGroups(),
    pods: 0,
    unread: [],
    why: new Set(),
    waypoints: new Set(),
  };
  for (const snapshot of snapshots) {
    const workloads = match.workloads.filter(
      ({ cluster }) => cluster === snapshot.cluster,
    );
    if (workloads.length === 0) {
      continue;
    }
    if (!isKnown(snapshot, 'Pod')) {
      seen.unread.push(snapshot.cluster);
      continue;
    }
    for (const workload of workloads) {
      lookAt(snapshot, workload, seen);
    }
    for (const name of findWaypoints(snapshot, match)) {
      seen.waypoints.add(name);
    }
  }
  return describe(seen);
}

function lookAt(
  snapshot: MeshSnapshot,
  workload: WorkloadMatch,
  seen: Seen,
): void {
  const pods = snapshot.podsOf(workload).filter(pod => !readPod(pod).gone);
  const found = new Set<PodProxy>();
  for (const object of pods) {
    const { proxy, proxyVersion } = readPod(object);
    seen.groups.add(snapshot, object);
    seen.counts[proxy] += 1;
    seen.pods += 1;
    found.add(proxy);
    if (proxyVersion) {
      seen.versions.add(proxyVersion);
    }
  }
  const object = snapshot.workload(workload);
  const labels = object ? readWorkload(object).labels : {};
  const namespace = snapshot.get('Namespace', undefined, workload.namespace);
  const injection = resolveInjection(namespace, labels);
  const ambient = resolveAmbientWish(namespace, labels);
  if (found.has('sidecar')) {
    seen.why.add(
      injection.wanted ? injection.why : 'the pods hold a proxy container',
    );
  }
  if (found.has('gateway')) {
    seen.why.add('the pods are a proxy themselves');
  }
  if (found.has('ambient')) {
    seen.why.add(ambient.wanted ? ambient.why : 'ztunnel captures the pods');
  }
  if (found.has('none')) {
    seen.why.add(whyNoProxy(injection, ambient));
  }
}

function whyNoProxy(
  injection: { wanted: boolean; why: string },
  ambient: { wanted: boolean; why: string },
): string {
  if (injection.wanted) {
    return `${injection.why} asks for a proxy, but pods run without one: they started before or injection failed`;
  }
  if (ambient.wanted) {
    return `${ambient.why} asks for ambient mode, but pods are not captured`;
  }
  return injection.why;
}

/** `catalog/waypoint` for each waypoint that Services of the component, or their namespace, name and that exists. */
function findWaypoints(snapshot: MeshSnapshot, match: EntityMatch): string[] {
  return match.services
    .filter(({ cluster }) => cluster === snapshot.cluster)
    .flatMap(({ namespace, name }) => {
      const own = snapshot.get('Service', namespace, name)?.metadata.labels;
      const inherited = snapshot.get('Namespace', undefined, namespace)
        ?.metadata.labels;
      const labels = own?.['istio.io/use-waypoint'] ? own : inherited;
      const waypoint = labels?.['istio.io/use-waypoint'];
      if (!waypoint || waypoint === 'none') {
        return [];
      }
      const where = labels['istio.io/use-waypoint-namespace'] ?? namespace;
      const gateway = snapshot.get('KubernetesGateway', where, waypoint);
      return gateway && readKubernetesGateway(gateway).waypoint
        ? [`${where}/${waypoint}`]
        : [];
    });
}

function describe(seen: Seen): DataPlane {
  const { counts, pods } = seen;
  const modes = (Object.keys(counts) as PodProxy[]).filter(
    mode => counts[mode] > 0,
  );
  const [waypoint] = [...seen.waypoints].sort();
  const plane: DataPlane = {
    mode: resolveMode(modes, waypoint),
    proxyVersions: [...seen.versions].sort(compareVersionsDown),
    podsWithProxy: pods - counts.none,
    proxies: seen.groups.list(),
    pods,
    why: explain(seen),
  };
  return waypoint ? { ...plane, waypoint } : plane;
}

function resolveMode(
  modes: readonly PodProxy[],
  waypoint: string | undefined,
): DataPlane['mode'] {
  if (modes.length === 0) {
    return 'unknown';
  }
  if (modes.length > 1) {
    return 'mixed';
  }
  return modes[0] === 'ambient' && waypoint ? 'waypoint' : modes[0];
}

function explain(seen: Seen): string {
  const why = [...seen.why];
  if (seen.unread.length > 0) {
    why.push(`pods of ${seen.unread.join(', ')} could not be read`);
  }
  return why.length > 0 ? why.join('; ') : 'no pod runs';
}

/** Newest first, by number, so that 1.9 is older than 1.31. */
function compareVersionsDown(a: string, b: string): number {
  const parts = (text: string) => text.split(/[.-]/).map(Number);
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (y[i] || 0) - (x[i] || 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return a < b ? -1 : 1;
}
