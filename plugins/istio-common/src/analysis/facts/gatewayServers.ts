import { memoizeByIdentity } from '../../resources/memoize';
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

const byPort = memoizeByIdentity((servers: readonly GatewayServer[]) => {
  const index = new Map<number, GatewayServer[]>();
  for (const server of servers) {
    const list = index.get(server.port);
    if (list) {
      list.push(server);
    } else {
      index.set(server.port, [server]);
    }
  }
  return index;
});

/** All servers of Istio's Gateways on a port, in no particular order. */
export function serversOnPort(
  snapshot: MeshSnapshot,
  port: number,
): readonly GatewayServer[] {
  return byPort(istioGatewayServers(snapshot)).get(port) ?? NONE;
}
