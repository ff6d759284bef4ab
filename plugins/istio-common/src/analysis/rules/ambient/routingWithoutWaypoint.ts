import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost, serviceOfHost } from '../../../resources/host';
import { readGatewayApiRoute } from '../../../resources/httpRoute';
import type { KubeObject } from '../../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { MeshSnapshot } from '../../../snapshot/types';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule, RuleFinding } from '../../types';
import {
  isAmbientService,
  resolveServiceWaypoint,
  WAYPOINT_KINDS,
} from './serviceWaypoint';

interface Target {
  namespace: string;
  name: string;
  path: string;
}

/** Services whose callers the object is about, with the place that names them. */
function listTargets(snapshot: MeshSnapshot, object: KubeObject): Target[] {
  const context = {
    namespace: object.metadata.namespace ?? '',
    domain: snapshot.domain,
  };
  const byHost = (host: string, path: string) => {
    const service = serviceOfHost(resolveHost(host, context), snapshot.domain);
    return service ? [{ ...service, path }] : [];
  };
  switch (object.kind) {
    case 'VirtualService': {
      const { hosts, gateways } = readVirtualService(object);
      return gateways.includes(MESH_GATEWAY)
        ? hosts.flatMap((host, index) => byHost(host, `spec.hosts[${index}]`))
        : [];
    }
    case 'DestinationRule':
      return byHost(readDestinationRule(object).host, 'spec.host');
    default:
      return readGatewayApiRoute(object).parents.flatMap(
        ({ kind, namespace, name }, index) =>
          kind === 'Service'
            ? [{ namespace, name, path: `spec.parentRefs[${index}]` }]
            : [],
      );
  }
}

/** Source: istio.io, "Use Layer 7 features" of ambient mode: routing and policies need a waypoint. */
export const routingWithoutWaypoint: Rule = {
  code: 'ISB1105',
  name: 'ambient-routing-without-waypoint',
  title: 'A route is for an ambient Service that has no waypoint',
  severity: 'warning',
  explanation:
    'ztunnel sends connections, it does not route requests. Without a waypoint callers in ambient mode reach the Service as if the route were not there; only sidecars and gateways follow it.',
  remedy:
    'Give the Service or its namespace a waypoint (label istio.io/use-waypoint).',
  equivalents: [],
  subjects: ['VirtualService', 'DestinationRule', 'HTTPRoute', 'GRPCRoute'],
  inputs: [...WORKLOAD_KINDS, ...WAYPOINT_KINDS, 'Service'],
  reach: 'mesh',
  reachOf: {
    VirtualService: 'object',
    DestinationRule: 'object',
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    Service: 'host',
    Deployment: 'host',
    StatefulSet: 'host',
    DaemonSet: 'host',
    ReplicaSet: 'host',
    Pod: 'host',
    Namespace: 'host',
  },
  check(subject, { snapshot }) {
    return listTargets(snapshot, subject).flatMap(
      ({ namespace, name, path }): RuleFinding[] => {
        const service = snapshot.get('Service', namespace, name);
        return service &&
          isAmbientService(snapshot, service) &&
          !resolveServiceWaypoint(snapshot, service)
          ? [
              {
                message: `Callers in ambient mode do not follow it: ${namespace}/${name} has no waypoint.`,
                path,
                // Often only for a gateway, which follows it.
                ...(subject.kind === 'DestinationRule' && {
                  severity: 'info',
                }),
              },
            ]
          : [];
      },
    );
  },
};
