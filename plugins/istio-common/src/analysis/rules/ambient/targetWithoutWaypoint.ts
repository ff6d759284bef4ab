import { fieldsOf, listOf } from '../../../resources/fields';
import { readPolicyTargets } from '../../../resources/policyTarget';
import type { Rule } from '../../types';
import { resolveServiceWaypoint, WAYPOINT_KINDS } from './serviceWaypoint';

/** Source: istio/istio pilot/pkg/model ShouldAttachPolicy: a policy for a Service is read by its waypoint only. */
export const targetWithoutWaypoint: Rule = {
  code: 'ISB1106',
  name: 'policy-for-service-without-waypoint',
  title: 'A policy is attached to a Service that has no waypoint',
  severity: 'error',
  explanation:
    'Only a waypoint enforces policies that are attached to a Service. Without one the policy is not in force, and neither sidecars nor ztunnel make up for it.',
  remedy:
    'Give the Service a waypoint (label istio.io/use-waypoint), or select its workloads by labels instead.',
  equivalents: [],
  subjects: [
    'AuthorizationPolicy',
    'RequestAuthentication',
    'Telemetry',
    'WasmPlugin',
  ],
  inputs: [...WAYPOINT_KINDS, 'Service'],
  reach: 'mesh',
  reachOf: {
    AuthorizationPolicy: 'object',
    RequestAuthentication: 'object',
    Telemetry: 'object',
    WasmPlugin: 'object',
    Service: 'namespace',
    Namespace: 'namespace',
  },
  check(subject, { snapshot }) {
    const spec = fieldsOf(subject.spec);
    const { namespace = '' } = subject.metadata;
    const inList = listOf(spec.targetRefs).length > 0;
    return readPolicyTargets(spec).flatMap(({ kind, name }, index) => {
      const service =
        kind === 'Service' && snapshot.get('Service', namespace, name);
      return service && !resolveServiceWaypoint(snapshot, service)
        ? [
            {
              message: `Not in force: no waypoint stands before the Service ${namespace}/${name}.`,
              path: inList ? `spec.targetRefs[${index}]` : 'spec.targetRef',
            },
          ]
        : [];
    });
  },
};
