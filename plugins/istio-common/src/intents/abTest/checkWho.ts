import { listUnverifying } from '../../mesh/authorization/unverifyingProxies';
import { fieldsListOf, textsOf } from '../../resources/fields';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { resolveGatewayName } from '../../resources/gateway';
import { namespacedName } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import type { MeshSnapshot } from '../../snapshot/types';
import type { RouteRule } from '../routing/routeRule';
import type { CompileProblem } from '../types';
import { explainUnsayable, type TestPlace } from './explainUnsayable';
import type { AbTestParams } from './schema';

/** Where a route's requests come from. */
export function placeOfRoute(object: KubeObject, rule: RouteRule): TestPlace {
  if (object.kind === 'HTTPRoute') {
    const gateways = readGatewayApiRoute(object).parents.map(parent =>
      parent.kind === 'Gateway' ? namespacedName(parent) : MESH_GATEWAY,
    );
    return { kind: 'HTTPRoute', gateways };
  }
  const namespace = object.metadata.namespace ?? '';
  const matches = fieldsListOf(rule.rule.match).map(({ gateways }) =>
    textsOf(gateways),
  );
  const named =
    matches.length > 0 && matches.every(each => each.length > 0)
      ? [...new Set(matches.flat())]
      : readVirtualService(object).gateways;
  return {
    kind: 'VirtualService',
    gateways: named.map(name => resolveGatewayName(name, namespace)),
  };
}

/** Conditions that the place cannot ask for, each with its field. */
export function checkWho(options: {
  params: AbTestParams;
  place: TestPlace;
  snapshot: MeshSnapshot;
}): CompileProblem[] {
  const { params, place, snapshot } = options;
  return params.arms.flatMap(({ who }, arm) =>
    who.flatMap((alternative, one) =>
      alternative.flatMap(({ by }, at) => {
        const why =
          explainUnsayable(by, place) ??
          (by === 'claim' ? explainUnverified(snapshot, place) : undefined);
        return why
          ? [{ field: `arms[${arm}].who[${one}][${at}].by`, message: why }]
          : [];
      }),
    ),
  );
}

/** Claims are those of a verified token, so somebody must verify it. */
function explainUnverified(
  snapshot: MeshSnapshot,
  { gateways }: TestPlace,
): string | undefined {
  const blind = gateways.find(
    gateway => listUnverifying(snapshot, gateway).length > 0,
  );
  return blind === undefined
    ? undefined
    : `no RequestAuthentication verifies tokens at gateway ${blind}, so no request has claims there`;
}
