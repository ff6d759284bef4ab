import { resolveGatewayName } from '../resources/gateway';
import { readGatewayApiRoute } from '../resources/httpRoute';
import { kindNameOf } from '../resources/kinds';
import { memoizeByIdentity } from '../resources/memoize';
import type { KubeObject } from '../resources/types';
import { MESH_GATEWAY, readVirtualService } from '../resources/virtualService';
import type { MeshSnapshot } from '../snapshot/types';

const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute'] as const;

const routesByGateway = memoizeByIdentity((snapshot: MeshSnapshot) => {
  const routes = new Map<string, KubeObject[]>();
  const add = (key: string, route: KubeObject) => {
    const known = routes.get(key);
    if (known) known.push(route);
    else routes.set(key, [route]);
  };
  for (const route of snapshot.list('VirtualService')) {
    for (const gateway of readVirtualService(route).gateways) {
      const name = resolveGatewayName(gateway, route.metadata.namespace ?? '');
      if (name !== MESH_GATEWAY) add(`Gateway/${name}`, route);
    }
  }
  for (const kind of ROUTE_KINDS) {
    for (const route of snapshot.list(kind)) {
      for (const parent of readGatewayApiRoute(route).parents) {
        if (parent.kind !== 'Gateway') continue;
        add(`KubernetesGateway/${parent.namespace}/${parent.name}`, route);
      }
    }
  }
  return routes;
});

/** Routes that name the gateway, Istio's or Gateway API's; whether it takes them is not asked. */
export function routesOfGateway(
  snapshot: MeshSnapshot,
  gateway: KubeObject,
): readonly KubeObject[] {
  const { namespace = '', name } = gateway.metadata;
  return (
    routesByGateway(snapshot).get(
      `${kindNameOf(gateway)}/${namespace}/${name}`,
    ) ?? []
  );
}
