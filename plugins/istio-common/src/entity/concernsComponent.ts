import { readDestinationRule } from '../resources/destinationRule';
import { fieldsOf, labelsOf, textsOf } from '../resources/fields';
import { hostSpecificity, resolveHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import { memoizeByIdentity } from '../resources/memoize';
import { readPolicyTargets } from '../resources/policyTarget';
import { isEmptySelector, matchesLabels } from '../resources/selector';
import { readService } from '../resources/service';
import type { KubeObject } from '../resources/types';
import { MESH_GATEWAY, readVirtualService } from '../resources/virtualService';
import { readWorkload } from '../resources/workload';
import type { MeshSnapshot } from '../snapshot/types';
import { gatewaysOfCertificate } from './gatewaysOfCertificate';
import { routesOfGateway } from './routesOfGateway';
import type { EntityMatch } from './types';

/** A component's part of one cluster. */
interface Own {
  /** `catalog/reviews-v1` */
  workloads: ReadonlySet<string>;
  services: ReadonlySet<string>;
  hosts: readonly string[];
  /** Where it has workloads or Services. */
  namespaces: ReadonlySet<string>;
  /** Pod labels of each workload, by namespace. */
  labels: readonly {
    namespace: string;
    labels: Readonly<Record<string, string>>;
  }[];
}

/**
 * Whether an object of the cluster concerns a component: it is one of its Services or workloads, a policy
 * that selects its pods (those for the whole namespace or mesh included), a route or rule that names one
 * of its hosts, a gateway that such a route is attached to, or the certificate of such a gateway.
 */
export function concernsComponent(
  object: KubeObject,
  component: { match: EntityMatch; snapshot: MeshSnapshot },
): boolean {
  return concerns(object, {
    own: ownOf(component.match, component.snapshot),
    snapshot: component.snapshot,
  });
}

const ownBySnapshot = memoizeByIdentity((_match: EntityMatch) => ({
  known: new WeakMap<MeshSnapshot, Own>(),
}));

function ownOf(match: EntityMatch, snapshot: MeshSnapshot): Own {
  const { known } = ownBySnapshot(match);
  const own = known.get(snapshot) ?? readOwn(match, snapshot);
  known.set(snapshot, own);
  return own;
}

function readOwn(match: EntityMatch, snapshot: MeshSnapshot): Own {
  const here = <T extends { cluster: string }>(list: readonly T[]) =>
    list.filter(({ cluster }) => cluster === snapshot.cluster);
  const workloads = here(match.workloads);
  const services = here(match.services);
  const name = (one: { namespace: string; name: string }) =>
    `${one.namespace}/${one.name}`;
  return {
    workloads: new Set(workloads.map(name)),
    services: new Set(services.map(name)),
    hosts: services.map(({ host }) => host),
    namespaces: new Set(
      [...workloads, ...services].map(({ namespace }) => namespace),
    ),
    labels: workloads.flatMap(({ kind, namespace, name: workload }) => {
      const object = snapshot.workload({ kind, namespace, name: workload });
      return object ? [{ namespace, labels: readWorkload(object).labels }] : [];
    }),
  };
}

interface Component {
  own: Own;
  snapshot: MeshSnapshot;
}

function concerns(object: KubeObject, component: Component): boolean {
  const { own, snapshot } = component;
  const { namespace = '', name } = object.metadata;
  switch (kindNameOf(object)) {
    case 'Service':
      return own.services.has(`${namespace}/${name}`);
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Pod':
      return ownsPodsOf(object, own);
    case 'Namespace':
      return own.namespaces.has(name);
    case 'ServiceAccount':
    case 'ReplicaSet':
    case 'ReferenceGrant':
      return own.namespaces.has(namespace);
    case 'VirtualService':
      return routesTo(object, component);
    case 'DestinationRule':
      return fits(readDestinationRule(object).host, { object, ...component });
    case 'ServiceEntry':
      return textsOf(fieldsOf(object.spec).hosts).some(host =>
        fits(host, { object, ...component }),
      );
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return leadsTo(object, own);
    case 'Gateway':
    case 'KubernetesGateway':
      return routesOfGateway(snapshot, object).some(route =>
        concerns(route, component),
      );
    case 'Certificate':
      return gatewaysOfCertificate(snapshot, object).some(gateway =>
        concerns(gateway, component),
      );
    case 'WorkloadEntry':
      return isEndpoint(object, component);
    case undefined:
      return false;
    default:
      return selects(object, component);
  }
}

/** Its workloads, and the pods these run. */
function ownsPodsOf(object: KubeObject, own: Own): boolean {
  const { namespace = '', name } = object.metadata;
  if (own.workloads.has(`${namespace}/${name}`)) return true;
  return (
    kindNameOf(object) === 'Pod' &&
    own.labels.some(
      workload =>
        workload.namespace === namespace &&
        !isEmptySelector(workload.labels) &&
        matchesLabels(workload.labels, object.metadata.labels),
    )
  );
}

function fits(
  host: string,
  { object, own, snapshot }: Component & { object: KubeObject },
): boolean {
  const pattern = resolveHost(host, {
    namespace: object.metadata.namespace ?? '',
    domain: snapshot.domain,
  });
  return own.hosts.some(one => hostSpecificity(pattern, one) !== undefined);
}

/** A host of a VirtualService for gateways only is a name outside: what counts there is where it leads. */
function routesTo(object: KubeObject, component: Component): boolean {
  const { hosts, gateways, rules } = readVirtualService(object);
  const named = gateways.includes(MESH_GATEWAY)
    ? hosts
    : hosts.filter(host => !host.includes('*'));
  return [
    ...named,
    ...rules.flatMap(rule => rule.destinations.map(({ host }) => host)),
  ].some(host => fits(host, { object, ...component }));
}

function leadsTo(object: KubeObject, own: Own): boolean {
  const { parents, rules } = readGatewayApiRoute(object);
  return [...parents, ...rules.flatMap(({ backends }) => backends)].some(
    ref =>
      ref.kind === 'Service' &&
      own.services.has(`${ref.namespace}/${ref.name}`),
  );
}

/** A workload outside the cluster stands behind the Services of its namespace that select its labels. */
function isEndpoint(object: KubeObject, { own, snapshot }: Component): boolean {
  const { namespace = '' } = object.metadata;
  const labels = labelsOf(fieldsOf(object.spec).labels);
  return [...own.services].some(key => {
    const [ownNamespace, name] = key.split('/');
    const service =
      ownNamespace === namespace && snapshot.get('Service', namespace, name);
    if (!service) return false;
    const { selector } = readService(service);
    return !isEmptySelector(selector) && matchesLabels(selector, labels);
  });
}

/** Policies name targets, or carry their selector under one of two names; without either they hold for all. */
function selects(object: KubeObject, component: Component): boolean {
  const { own, snapshot } = component;
  const namespace = object.metadata.namespace ?? '';
  const spec = fieldsOf(object.spec);
  const targets = readPolicyTargets(spec);
  if (targets.length > 0) {
    return targets.some(({ kind, name }) =>
      kind === 'Gateway'
        ? isOnGateway({ namespace, name }, component)
        : kind === 'Service' && own.services.has(`${namespace}/${name}`),
    );
  }
  const selector = {
    ...labelsOf(fieldsOf(spec.selector).matchLabels),
    ...labelsOf(fieldsOf(spec.workloadSelector).labels),
  };
  const reaches = (target: string) =>
    target === namespace || namespace === snapshot.rootNamespace;
  if (isEmptySelector(selector)) return [...own.namespaces].some(reaches);
  return own.labels.some(
    workload =>
      reaches(workload.namespace) && matchesLabels(selector, workload.labels),
  );
}

const USE_WAYPOINT = 'istio.io/use-waypoint';

/** A gateway that a route to the component names, or the waypoint of one of its Services or namespaces. */
function isOnGateway(
  gateway: { namespace: string; name: string },
  component: Component,
): boolean {
  const { own, snapshot } = component;
  const object = snapshot.get(
    'KubernetesGateway',
    gateway.namespace,
    gateway.name,
  );
  if (object && concerns(object, component)) return true;
  return [...own.services].some(key => {
    const [namespace, name] = key.split('/');
    const labels = {
      ...snapshot.get('Namespace', undefined, namespace)?.metadata.labels,
      ...snapshot.get('Service', namespace, name)?.metadata.labels,
    };
    return (
      labels[USE_WAYPOINT] === gateway.name &&
      (labels[`${USE_WAYPOINT}-namespace`] ?? namespace) === gateway.namespace
    );
  });
}
