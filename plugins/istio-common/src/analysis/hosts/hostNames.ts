import { fieldsOf, textsOf } from '../../resources/fields';
import { readDestinationRule } from '../../resources/destinationRule';
import { type KindName, kindNameOf } from '../../resources/kinds';
import { memoizeByIdentity } from '../../resources/memoize';
import { isEmptySelector, matchesLabels } from '../../resources/selector';
import { readService } from '../../resources/service';
import type { KubeObject } from '../../resources/types';
import { readVirtualService } from '../../resources/virtualService';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot } from '../../snapshot/types';
import { listDestinations } from '../facts/destinations';
import { listValues } from '../rules/authorization/policyTerms';

/** First labels of host names: `reviews` of `reviews.shop.svc.cluster.local`, however it is written. */
export type HostNames = ReadonlySet<string>;

const RUNS: readonly KindName[] = [
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
];

/**
 * Names say less than hosts: `reviews` of two namespaces, or one that is written short, are the same. So who
 * is asked again is asked too often rather than too rarely.
 */
const namesInside = memoizeByIdentity(
  (object: KubeObject): HostNames | undefined => {
    const hosts = hostsInside(object);
    const names = new Set(
      hosts?.map(host => host.trim().toLowerCase().split('.')[0]),
    );
    // A wildcard is about names that are not written.
    return hosts && ![...names].some(name => name === '' || name.includes('*'))
      ? names
      : undefined;
  },
);

/** The names of the hosts that an object is about; undefined: it may be about any. */
export function hostNamesOf(
  object: KubeObject,
  snapshot: MeshSnapshot,
): HostNames | undefined {
  const kind = kindNameOf(object);
  if (kind === 'PeerAuthentication') return namesOfServers(object, snapshot);
  if (kind === 'Namespace') {
    return namesInNamespace(object.metadata.name, snapshot);
  }
  return kind && RUNS.includes(kind)
    ? namesOfRunning(object, { kind, snapshot })
    : namesInside(object);
}

/** What servers accept is about the Services of their namespace; of the root namespace, about all. */
function namesOfServers(
  { metadata: { namespace = '' } }: KubeObject,
  snapshot: MeshSnapshot,
): HostNames | undefined {
  return namespace === snapshot.rootNamespace
    ? undefined
    : namesInNamespace(namespace, snapshot);
}

function namesInNamespace(
  namespace: string,
  snapshot: MeshSnapshot,
): HostNames {
  return new Set(
    snapshot
      .inNamespace('Service', namespace)
      .map(({ metadata }) => metadata.name.toLowerCase()),
  );
}

function hostsInside(object: KubeObject): string[] | undefined {
  switch (kindNameOf(object)) {
    case 'Service':
      return [object.metadata.name];
    case 'DestinationRule':
      return [readDestinationRule(object).host];
    case 'ServiceEntry':
      return textsOf(fieldsOf(object.spec).hosts);
    case 'VirtualService':
      return [
        ...readVirtualService(object).hosts,
        ...listDestinations(object, '').map(({ written }) => written),
      ];
    case 'AuthorizationPolicy':
      return (
        listValues(object, ['hosts', 'notHosts'])
          .map(({ value }) => value)
          // Patterns are not compared with what there is.
          .filter(value => !value.includes('*'))
          .map(value => value.replace(/:\d+$/, ''))
      );
    default:
      return undefined;
  }
}

/** What runs is about the Services that select it, and about the ServiceEntries of its namespace that select anything. */
function namesOfRunning(
  object: KubeObject,
  { kind, snapshot }: { kind: KindName; snapshot: MeshSnapshot },
): HostNames | undefined {
  const { namespace = '', labels: own = {} } = object.metadata;
  const labels = kind === 'Pod' ? own : readWorkload(object).labels;
  const services = snapshot
    .inNamespace('Service', namespace)
    .map(readService)
    .filter(
      ({ selector }) =>
        !isEmptySelector(selector) && matchesLabels(selector, labels),
    );
  const names = new Set(services.map(({ name }) => name));
  for (const entry of snapshot.inNamespace('ServiceEntry', namespace)) {
    if (fieldsOf(entry.spec).workloadSelector === undefined) continue;
    const inside = namesInside(entry);
    if (!inside) return undefined;
    inside.forEach(name => names.add(name));
  }
  return names;
}
