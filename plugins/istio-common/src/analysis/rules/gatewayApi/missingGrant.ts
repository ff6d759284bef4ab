import { readGatewayApiRoute } from '../../../resources/httpRoute';
import { isGranted } from '../../../mesh/route/gatewayApiBackends';
import type { Rule } from '../../types';
import { describeLoss, listBackends, ROUTE_KINDS } from './routeFacts';

/** In the mesh no grant is asked for. Source: istio/istio pilot/pkg/config/kube/gateway conversion.go buildDestination (1.31). */
export const routeMissingGrant: Rule = {
  code: 'ISB0906',
  name: 'route-missing-reference-grant',
  title:
    'A route at a gateway sends to another namespace without a ReferenceGrant',
  severity: 'error',
  explanation:
    'Gateway API lets a route send to a Service of another namespace only where a ReferenceGrant of that namespace allows it. There is none, so the share of this backend is answered with 500, or closed for TCP.',
  remedy:
    'Have the owner of the Service write a ReferenceGrant in its namespace, from the kind and namespace of the route to Service.',
  equivalents: ['KIA1402'],
  subjects: ROUTE_KINDS,
  inputs: ['ReferenceGrant'],
  reach: 'mesh',
  reachOf: {
    HTTPRoute: 'object',
    GRPCRoute: 'object',
    TCPRoute: 'object',
    TLSRoute: 'object',
  },
  check(subject, { snapshot }) {
    const own = subject.metadata.namespace ?? '';
    const { parents } = readGatewayApiRoute(subject);
    if (!parents.some(({ kind }) => kind === 'Gateway')) return [];
    return listBackends(subject).flatMap(({ backend, path, share }) => {
      const { namespace, kind, name, fields } = backend;
      const group = typeof fields.group === 'string' ? fields.group : '';
      const to = { namespace, group, kind, name };
      if (
        namespace === own ||
        isGranted({
          from: subject,
          to,
          grants: snapshot.inNamespace('ReferenceGrant', namespace),
        })
      ) {
        return [];
      }
      return [
        {
          message: `No ReferenceGrant in ${namespace} lets a ${
            subject.kind
          } of ${own} send to ${kind} ${name}: ${describeLoss(subject, {
            share,
          })}.`,
          path: `${path}.namespace`,
        },
      ];
    });
  },
};
