import type { KindName } from '../../resources/kinds';
import type { MeshSnapshot } from '../../snapshot/types';
import { requireSynced } from '../routing/requireSynced';
import type { CompileResult } from '../types';
import { createTest } from './createTest';
import { editTest } from './editTest';
import type { AbTestParams } from './schema';

const WORKLOADS: KindName[] = [
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Pod',
];

/**
 * The objects of one cluster with the arms of a test above the route they narrow. Refuses, with the
 * field and what is allowed, instead of guessing; never throws.
 */
export function compileAbTest(options: {
  params: AbTestParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const problems = requireSynced(snapshot, kindsNeeded(params));
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const { route } = params;
  if (!route) {
    return createTest(options);
  }
  const object = snapshot.get(route.kind, route.namespace, route.name);
  return object
    ? editTest({ params, route, object, snapshot })
    : {
        ok: false,
        problems: [
          {
            field: 'route.name',
            message: `${snapshot.cluster} has no ${route.kind} ${route.namespace}/${route.name}`,
          },
        ],
      };
}

function kindsNeeded({ route, arms }: AbTestParams) {
  if (route?.kind === 'HTTPRoute') {
    return { written: ['HTTPRoute' as const], read: ['Service' as const] };
  }
  const written: KindName[] = ['VirtualService', 'DestinationRule'];
  const claims = arms.some(({ who }) =>
    who.flat().some(({ by }) => by === 'claim'),
  );
  return {
    written,
    read: [
      ...WORKLOADS,
      ...(route ? [] : (['HTTPRoute', 'GRPCRoute'] as const)),
      ...(claims ? (['Gateway', 'RequestAuthentication'] as const) : []),
    ],
  };
}
