import { ServiceMatch } from '../../entity/types';
import { subsetNameOf } from '../../resources/subsetName';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { countPods, podsBehind } from './podsBehind';
import { SplitDestination, TrafficRoute } from './types';

/** Labels that say version by convention, in the order they are tried. */
export const VERSION_LABELS = [
  'version',
  'app.kubernetes.io/version',
  'service.istio.io/canonical-revision',
] as const;

/** Workloads that one label tells from the others. */
export interface WorkloadVersion {
  /** The version as a subset's name, or without a version label the workload's name. */
  key: string;
  label: string;
  selector: Record<string, string>;
  workloads: WorkloadKey[];
}

/** Groups workloads by the first version label that all of them carry; without one each is its own version. */
export function groupByVersion(
  snapshot: MeshSnapshot,
  workloads: readonly WorkloadKey[],
): WorkloadVersion[] {
  const labelled = workloads.map(key => {
    const object = snapshot.workload(key);
    return { key, labels: object ? readWorkload(object).labels : {} };
  });
  const label = VERSION_LABELS.find(name =>
    labelled.every(({ labels }) => labels[name]),
  );
  const versions = new Map<string, WorkloadVersion>();
  for (const { key, labels } of labelled) {
    const value = label === undefined ? key.name : labels[label];
    const version = versions.get(value) ?? {
      key: label === undefined ? key.name : subsetNameOf(value),
      label: value,
      selector: label === undefined ? { ...labels } : { [label]: value },
      workloads: [],
    };
    version.workloads.push(key);
    versions.set(value, version);
  }
  return [...versions.values()].sort(compareVersions);
}

/** Made once: a comparison with its own locale is a hundred times slower. */
const BY_NUMBER = new Intl.Collator('en', { numeric: true });

/** `v2` before `v10`. */
export function compareVersions(
  a: { label: string },
  b: { label: string },
): number {
  return BY_NUMBER.compare(a.label, b.label);
}

const HTTP = new Set(['http', 'http2', 'grpc', 'grpc-web', 'auto']);

/**
 * The route of a Service that no object routes: requests spread over all its ready pods, so a version's
 * share is its share of them. Undefined for a Service without pods of its own.
 */
export function resolveDefaultRoute(
  snapshot: MeshSnapshot,
  service: ServiceMatch,
): TrafficRoute | undefined {
  const { workloads, ready } = podsBehind(snapshot, service);
  if (workloads.length === 0) {
    return undefined;
  }
  const versions = groupByVersion(snapshot, workloads);
  const destinations = versions.map((version): SplitDestination => {
    const behind = countPods(snapshot, version.workloads);
    return {
      key: version.key,
      label: version.label,
      host: service.host,
      workloads: version.workloads.map(({ name }) => name),
      podsReady: behind.ready,
      podsDesired: behind.desired,
      configured: ready > 0 ? behind.ready / ready : 0,
      ...(behind.version ? { version: behind.version } : {}),
    };
  });
  return {
    id: `default/${service.host}`,
    clusters: [snapshot.cluster],
    index: 0,
    protocol: protocolOf(service),
    host: service.host,
    ports: [],
    when: [],
    gateways: ['mesh'],
    action: 'route',
    destinations,
    alsoSets: [],
    shiftable: judgeShiftable(service, versions),
  };
}

function protocolOf(service: ServiceMatch): TrafficRoute['protocol'] {
  const protocols = service.ports.map(({ protocol }) => protocol);
  if (
    protocols.length > 0 &&
    protocols.every(name => name.startsWith('grpc'))
  ) {
    return 'grpc';
  }
  if (protocols.length === 0 || protocols.some(name => HTTP.has(name))) {
    return 'http';
  }
  return protocols.every(name => name === 'tls' || name === 'https')
    ? 'tls'
    : 'tcp';
}

function judgeShiftable(
  service: ServiceMatch,
  versions: readonly WorkloadVersion[],
): TrafficRoute['shiftable'] {
  if (!service.ports.some(({ protocol }) => HTTP.has(protocol))) {
    return { possible: false, why: 'Only HTTP requests can be split.' };
  }
  if (versions.length < 2) {
    return { possible: false, why: 'Only one version runs.' };
  }
  return versions.some(({ selector }) =>
    VERSION_LABELS.some(label => label in selector),
  ) && versions.every(({ selector }) => Object.keys(selector).length === 1)
    ? { possible: true }
    : {
        possible: false,
        why: 'No version label tells its workloads apart. Give each pod template a label "version".',
      };
}
