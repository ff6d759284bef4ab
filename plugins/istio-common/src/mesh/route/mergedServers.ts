import { BoundServer } from './gatewayServers';
import {
  GatewayServer,
  isPassthrough,
  terminatesHttps,
} from './gatewayServerModel';
import { isHttp } from './protocol';

/** The servers that share one port of a gateway proxy, conflicts settled. */
export interface PortServers {
  /** Plain servers, all HTTP or one TCP. */
  plain: GatewayServer[];
  /** Servers told apart by server name. */
  tls: GatewayServer[];
  /** Servers that lost against an earlier one. */
  rejected: { server: GatewayServer; text: string }[];
}

/**
 * Servers on one port: plain HTTP servers go together, TLS servers are told apart by server name, and
 * whatever does not fit to the first on the port is left out.
 *
 * Source: istio/istio pilot/pkg/model gateway.go mergeGateways (1.31).
 */
export function mergeServers(
  bound: readonly BoundServer[],
  listenPort: number,
): PortServers {
  const merged: PortServers = { plain: [], tls: [], rejected: [] };
  const known = new Set<string>();
  const routeNames = new Set<string>();
  const reject = (server: GatewayServer, text: string) => {
    merged.rejected.push({ server, text });
  };
  for (const { server, listenPorts } of bound) {
    if (!listenPorts.includes(listenPort)) {
      continue;
    }
    if (server.tls && server.hosts.some(host => known.has(host))) {
      reject(server, 'An earlier TLS server on the port has the same host.');
      continue;
    }
    if (server.tls) {
      server.hosts.forEach(host => known.add(host));
    }
    const conflict = whyConflict(merged, server, routeNames);
    if (conflict) {
      reject(server, conflict);
    } else {
      const list = isTlsServer(server) ? merged.tls : merged.plain;
      list.push(server);
      routeNames.add(routeNameOf(server));
    }
  }
  return merged;
}

/** TLS beside plain HTTP is a redirect to HTTPS, not a TLS server. */
function isTlsServer(server: GatewayServer): boolean {
  return server.tls !== undefined && !isHttp(server.protocol);
}

function whyConflict(
  merged: PortServers,
  server: GatewayServer,
  routeNames: ReadonlySet<string>,
): string | undefined {
  const [first] = merged.plain;
  if (first) {
    return isHttp(first.protocol) && isHttp(server.protocol)
      ? undefined
      : `The port already has a server of protocol ${first.protocol}.`;
  }
  if (merged.tls.length === 0) {
    return undefined;
  }
  if (!isTlsServer(server)) {
    return 'The port already has TLS servers.';
  }
  return terminatesHttps(server) && routeNames.has(routeNameOf(server))
    ? 'An earlier HTTPS server of the Gateway has the same port name.'
    : undefined;
}

function routeNameOf(server: GatewayServer): string {
  return isPassthrough(server)
    ? ''
    : `${server.port}.${server.portName}.${server.gatewayName}`;
}
