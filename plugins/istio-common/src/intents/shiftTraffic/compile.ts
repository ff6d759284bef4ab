import type { KindName } from '../../resources/kinds';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileResult } from '../types';
import { createRoute } from './createRoute';
import { editGatewayApiRoute } from './editGatewayApiRoute';
import { editVirtualService } from './editVirtualService';
import { requireSynced } from '../routing/requireSynced';
import type { ShiftTrafficParams } from './schema';

const WORKLOADS: KindName[] = [
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Pod',
];

/**
 * The objects of one cluster with the requests of a Service shared out as asked for. Refuses, with
 * the field and what is allowed, instead of guessing; never throws.
 */
export function compileShiftTraffic(options: {
  params: ShiftTrafficParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const stale = requireSynced(snapshot, kindsNeeded(params));
  if (stale.length > 0) {
    return { ok: false, problems: stale };
  }
  const { route } = params;
  if (!route) {
    return createRoute({ params, snapshot });
  }
  const object = snapshot.get(route.kind, route.namespace, route.name);
  if (!object) {
    return {
      ok: false,
      problems: [
        {
          field: 'route.name',
          message: `${snapshot.cluster} has no ${route.kind} ${route.namespace}/${route.name}`,
        },
      ],
    };
  }
  const edit = { params, fieldPath: route.fieldPath, object, snapshot };
  return route.kind === 'VirtualService'
    ? editVirtualService(edit)
    : editGatewayApiRoute(edit);
}

function kindsNeeded(params: ShiftTrafficParams) {
  const kind = params.route?.kind;
  if (kind && kind !== 'VirtualService') {
    return { written: [kind], read: ['Service' as const] };
  }
  const written: KindName[] = ['VirtualService', 'DestinationRule'];
  return {
    written,
    read: params.route
      ? WORKLOADS
      : [...WORKLOADS, 'HTTPRoute' as const, 'GRPCRoute' as const],
  };
}
