import { isHttp } from '../../../mesh/route/protocol';
import type { GatewayServer } from '../../../mesh/route/gatewayServerModel';
import { perLists } from '../../../mesh/route/perLists';
import { istioGatewayServers } from '../../../mesh/route/gatewayServers';
import type { MeshSnapshot } from '../../../snapshot/types';
import { compareServers, serversOfGateway } from '../../facts/gatewayServers';
import { selectorOf, shareWorkload } from '../../facts/sharedWorkloads';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import { namespacedName } from '../../../resources/objectKey';
import type { Rule, RuleFinding } from '../../types';

/** Servers by port, bind address and host as written. */
const byHost = perLists(lists => {
  const index = new Map<string, GatewayServer[]>();
  for (const server of lists[0] as readonly GatewayServer[]) {
    for (const host of server.hosts) {
      const key = keyOf(server, host);
      const list = index.get(key);
      if (list) {
        list.push(server);
      } else {
        index.set(key, [server]);
      }
    }
  }
  return index;
});

function keyOf({ port, bind = '' }: GatewayServer, host: string): string {
  return `${port}|${bind}|${host}`;
}

/** Sources: istio/istio pilot/pkg/model mergeGateways, CheckDuplicates; analyzers/gateway/conflictinggateway.go. */
export const conflictingGateways: Rule = {
  code: 'ISB0302',
  name: 'gateway-conflict',
  title: 'Two Gateways serve the same host on the same port of one workload',
  severity: 'error',
  explanation:
    'Of two TLS servers with one host on one port the proxy keeps the older and drops the other as a whole, with all its other hosts. Two plain HTTP servers are put together: the routes bound to either of them answer.',
  remedy:
    'Bind the VirtualServices of both to one Gateway, or give the Gateways different hosts or ports.',
  equivalents: ['IST0145', 'KIA0301'],
  subjects: ['Gateway'],
  inputs: [...WORKLOAD_KINDS],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const name = namespacedName(subject.metadata);
    return serversOfGateway(snapshot, name).flatMap(server =>
      findRivals(snapshot, server).map(rival => describe(server, rival)),
    );
  },
};

/** The first rival of each of the server's hosts, each Gateway once. */
function findRivals(
  snapshot: MeshSnapshot,
  server: GatewayServer,
): { rival: GatewayServer; host: string }[] {
  const index = byHost([istioGatewayServers(snapshot)]);
  const seen = new Set<string>();
  return server.hosts.flatMap(host => {
    const rivals = (index.get(keyOf(server, host)) ?? []).filter(
      other => other.gatewayName !== server.gatewayName,
    );
    const rival = rivals.find(
      other =>
        !seen.has(other.gatewayName) &&
        shareWorkload(snapshot, selectorOf(server), selectorOf(other)),
    );
    if (!rival) return [];
    seen.add(rival.gatewayName);
    return [{ rival, host }];
  });
}

function describe(
  server: GatewayServer,
  { rival, host }: { rival: GatewayServer; host: string },
): RuleFinding {
  const place = `${server.path}.hosts`;
  const where = `${host} on port ${server.port}`;
  const plain = isHttp(server.protocol) && isHttp(rival.protocol);
  if (plain) {
    return {
      message: `Gateway ${rival.gatewayName} serves ${where} too: routes of both answer.`,
      path: place,
      severity: 'info',
    };
  }
  return compareServers(server, rival) > 0
    ? {
        message: `Dropped: Gateway ${rival.gatewayName}, which is older, serves ${where} already.`,
        path: place,
      }
    : {
        message: `Gateway ${rival.gatewayName} serves ${where} too. This one, the older, is in force.`,
        path: place,
        severity: 'info',
      };
}
