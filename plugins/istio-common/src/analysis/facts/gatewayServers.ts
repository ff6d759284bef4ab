import { memoizeByIdentity } from '../../resources/memoize';
import { compareText } from '../../resources/objectKey';
import type { MeshSnapshot } from '../../snapshot/types';
import type { GatewayServer } from '../../mesh/route/gatewayServerModel';
import { istioGatewayServers } from '../../mesh/route/gatewayServers';

const NONE: readonly GatewayServer[] = Object.freeze([]);

const byName = memoizeByIdentity((servers: readonly GatewayServer[]) => {
  const index = new Map<string, GatewayServer[]>();
  for (const server of servers) {
    const list = index.get(server.gatewayName);
    if (list) {
      list.push(server);
    } else {
      index.set(server.gatewayName, [server]);
    }
  }
  return index;
});

/** The servers of one of Istio's Gateways, `namespace/name`; those without a port are left out. */
export function serversOfGateway(
  snapshot: MeshSnapshot,
  name: string,
): readonly GatewayServer[] {
  return byName(istioGatewayServers(snapshot)).get(name) ?? NONE;
}

/**
 * Istio's order of servers: age of their Gateways, then name, then namespace; those of one Gateway as written.
 *
 * Source: istio/istio pilot/pkg/model sortConfigByCreationTime.
 */
export function compareServers(a: GatewayServer, b: GatewayServer): number {
  return (
    a.created - b.created ||
    compareText(a.name, b.name) ||
    compareText(a.namespace, b.namespace)
  );
}
