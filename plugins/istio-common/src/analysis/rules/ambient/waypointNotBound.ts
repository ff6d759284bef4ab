import { namespacedName } from '../../../resources/objectKey';
import type { Rule } from '../../types';
import {
  explainUnbound,
  readNamedWaypoint,
  servesServices,
  USE_WAYPOINT,
} from './serviceWaypoint';

/** Source: istio/istio pilot/pkg/serviceregistry/ambient fetchWaypointForService. */
export const waypointNotBound: Rule = {
  code: 'ISB1102',
  name: 'waypoint-not-bound',
  title: 'A label names a waypoint that takes no traffic from there',
  severity: 'error',
  explanation:
    'Calls go past a waypoint that is not there, is no waypoint, or does not admit the namespace. Routes and policies that need it are not in force.',
  remedy:
    'Correct the label, create the waypoint (istioctl waypoint apply), or admit the namespace in allowedRoutes of its listener.',
  equivalents: [],
  subjects: ['Namespace', 'Service', 'ServiceEntry'],
  inputs: ['Namespace', 'KubernetesGateway'],
  reach: 'mesh',
  reachOf: {
    Namespace: 'namespace',
    Service: 'object',
    ServiceEntry: 'object',
  },
  check(subject, { snapshot }) {
    const waypoint = readNamedWaypoint(subject);
    if (!waypoint) return [];
    const from =
      subject.kind === 'Namespace'
        ? subject.metadata.name
        : subject.metadata.namespace ?? '';
    const why =
      explainUnbound(snapshot, { waypoint, from }) ??
      // A namespace's label is for its pods too, which such a waypoint serves.
      (subject.kind === 'Namespace' || servesServices(snapshot, waypoint)
        ? undefined
        : `the waypoint ${namespacedName(
            waypoint,
          )} is not for Services (label istio.io/waypoint-for)`);
    return why === undefined
      ? []
      : [
          {
            message: `Calls go without a waypoint: ${why}.`,
            path: `metadata.labels['${USE_WAYPOINT}']`,
          },
        ];
  },
};
