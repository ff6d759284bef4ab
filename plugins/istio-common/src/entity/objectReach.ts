import { readDestinationRule } from '../resources/destinationRule';
import { fieldsOf, textsOf } from '../resources/fields';
import { resolveHost, serviceOfHost } from '../resources/host';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { readVirtualService } from '../resources/virtualService';
import type { MeshSnapshot } from '../snapshot/types';
import { gatewaysOfCertificate } from './gatewaysOfCertificate';
import { routesOfGateway } from './routesOfGateway';

/**
 * Where components are that an object can concern; a bound, so that not every component has to be asked
 * about every object.
 */
export interface ObjectReach {
  /** Components with workloads or Services there. */
  namespaces: ReadonlySet<string>;
  /** Components that own one of these, `catalog/reviews`. */
  services: ReadonlySet<string>;
  /** Any component: a pattern of hosts, or a policy of the root namespace. */
  everywhere: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();
const EVERYWHERE: ObjectReach = {
  namespaces: NOTHING,
  services: NOTHING,
  everywhere: true,
};

/** Never smaller than what `concernsComponent` answers; a test holds them together. */
export function objectReach(
  object: KubeObject,
  snapshot: MeshSnapshot,
): ObjectReach {
  const { namespace = '', name } = object.metadata;
  switch (kindNameOf(object)) {
    case 'Namespace':
      return inNamespaces(name);
    case 'VirtualService': {
      const { hosts, rules } = readVirtualService(object);
      return reachOfHosts({ object, snapshot }, [
        ...hosts,
        ...rules.flatMap(rule => rule.destinations.map(({ host }) => host)),
      ]);
    }
    case 'DestinationRule':
      return reachOfHosts({ object, snapshot }, [
        readDestinationRule(object).host,
      ]);
    case 'ServiceEntry':
      return reachOfHosts(
        { object, snapshot },
        textsOf(fieldsOf(object.spec).hosts),
      );
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
      return reachOfRoute(object);
    case 'Gateway':
    case 'KubernetesGateway':
      return union(
        routesOfGateway(snapshot, object).map(route =>
          objectReach(route, snapshot),
        ),
      );
    case 'Certificate':
      return union(
        gatewaysOfCertificate(snapshot, object).map(gateway =>
          objectReach(gateway, snapshot),
        ),
      );
    case 'Service':
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'Pod':
    case 'ServiceAccount':
    case 'ReferenceGrant':
    case 'WorkloadEntry':
      return inNamespaces(namespace);
    default:
      return namespace === snapshot.rootNamespace ||
        fieldsOf(object.spec).targetRefs
        ? EVERYWHERE
        : inNamespaces(namespace);
  }
}

function inNamespaces(...namespaces: string[]): ObjectReach {
  return {
    namespaces: new Set(namespaces),
    services: NOTHING,
    everywhere: false,
  };
}

function reachOfHosts(
  { object, snapshot }: { object: KubeObject; snapshot: MeshSnapshot },
  hosts: readonly string[],
): ObjectReach {
  const { namespace = '' } = object.metadata;
  const { domain } = snapshot;
  const names = hosts.map(host => resolveHost(host, { namespace, domain }));
  if (names.some(host => host.startsWith('*'))) return EVERYWHERE;
  return {
    namespaces: NOTHING,
    services: new Set(
      names.flatMap(host => {
        const service = serviceOfHost(host, domain);
        return service ? [`${service.namespace}/${service.name}`] : [];
      }),
    ),
    everywhere: false,
  };
}

function reachOfRoute(object: KubeObject): ObjectReach {
  const { parents, rules } = readGatewayApiRoute(object);
  const refs = [...parents, ...rules.flatMap(({ backends }) => backends)];
  return {
    namespaces: NOTHING,
    services: new Set(refs.map(ref => `${ref.namespace}/${ref.name}`)),
    everywhere: false,
  };
}

function union(reaches: readonly ObjectReach[]): ObjectReach {
  return {
    namespaces: new Set(reaches.flatMap(one => [...one.namespaces])),
    services: new Set(reaches.flatMap(one => [...one.services])),
    everywhere: reaches.some(one => one.everywhere),
  };
}
