import type { PodInfo } from '../world/podInfo';
import type { WorldView } from '../world/WorldView';
import { qualify } from './findRoute';
import type { ServiceSpec } from './istioTypes';
import { labelsContain } from './matchRequest';
import type { ServiceName } from './types';

/** What a host stands for in the cluster. */
export type HostMeaning =
  | { kind: 'service'; name: ServiceName; spec: ServiceSpec }
  | { kind: 'external'; name: ServiceName }
  | { kind: 'unknown'; host: string };

/** Service or ServiceEntry behind a fully qualified host. */
export function meaningOf(
  world: WorldView,
  host: string,
  domain: string,
): HostMeaning {
  const suffix = `.svc.${domain}`;
  if (host.endsWith(suffix)) {
    const [name, namespace] = host.slice(0, -suffix.length).split('.');
    const service = world.get('Service', namespace, name);
    if (service) {
      return {
        kind: 'service',
        name: { host, name, namespace },
        spec: (service.spec ?? {}) as ServiceSpec,
      };
    }
  }
  const entry = world
    .list('ServiceEntry')
    .find(object =>
      ((object.spec?.hosts ?? []) as string[]).some(
        listed =>
          listed === host ||
          (listed.startsWith('*.') && host.endsWith(listed.slice(1))),
      ),
    );
  return entry
    ? {
        kind: 'external',
        name: { host, name: host, namespace: entry.metadata.namespace ?? '' },
      }
    : { kind: 'unknown', host };
}

/** Host of a call's `to`: `name.namespace` of a namespace of this cluster, else a host outside. */
export function hostOf(to: string, world: WorldView, domain: string): string {
  const [name, namespace, ...rest] = to.split('.');
  const inCluster =
    rest.length === 0 &&
    namespace !== undefined &&
    world.get('Namespace', '', namespace) !== undefined;
  return inCluster
    ? `${name}.${namespace}.svc.${domain}`
    : qualify(to, 'default', domain);
}

/** Ready pods behind a Service, those of a subset when labels are given. */
export function readyPods(
  world: WorldView,
  meaning: Extract<HostMeaning, { kind: 'service' }>,
  subset: Readonly<Record<string, string>> | undefined,
): PodInfo[] {
  const { selector } = meaning.spec;
  if (!selector || Object.keys(selector).length === 0) return [];
  return world
    .podsIn(meaning.name.namespace)
    .filter(
      pod =>
        pod.ready &&
        labelsContain(pod.labels, selector) &&
        labelsContain(pod.labels, subset),
    );
}

/** Workload port of a Service port on a pod. */
export function targetPort(
  spec: ServiceSpec,
  port: number,
  pod: PodInfo,
): number {
  const found = spec.ports?.find(one => one.port === port);
  const target = found?.targetPort ?? port;
  return typeof target === 'number' ? target : pod.namedPorts[target] ?? port;
}

/** Pods grouped by workload, in a stable order. */
export function byWorkload(pods: PodInfo[]): Map<string, PodInfo[]> {
  const groups = new Map<string, PodInfo[]>();
  for (const pod of pods) {
    const group = groups.get(pod.workloadKey);
    if (group) group.push(pod);
    else groups.set(pod.workloadKey, [pod]);
  }
  return groups;
}
