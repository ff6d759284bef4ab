import { isHttp } from '../../../mesh/route/protocol';
import type { GatewayServer } from '../../../mesh/route/gatewayServerModel';
import { istioGatewayServers } from '../../../mesh/route/gatewayServers';
import { perLists } from '../../../mesh/route/perLists';
import { namespacedName } from '../../../resources/objectKey';
import { describeSelector } from '../../../resources/selector';
import type { MeshSnapshot } from '../../../snapshot/types';
import { compareServers, serversOfGateway } from '../../facts/gatewayServers';
import { selectorOf, shareWorkload } from '../../facts/sharedWorkloads';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** What a listener is made for: servers of different classes do not go together on one port. */
type ServerClass = 'plain HTTP' | 'TLS' | 'plain TCP';

function classOf({ protocol, tls }: GatewayServer): ServerClass {
  if (isHttp(protocol)) return 'plain HTTP';
  return tls ? 'TLS' : 'plain TCP';
}

/** Per port one server, the first, of each selector, address and class: the others behave as it does. */
const representatives = perLists(lists => {
  const index = new Map<number, Map<string, GatewayServer>>();
  const ordered = [...(lists[0] as readonly GatewayServer[])].sort(
    compareServers,
  );
  for (const server of ordered) {
    const kinds = index.get(server.port) ?? new Map<string, GatewayServer>();
    index.set(server.port, kinds);
    const key = [
      describeSelector(selectorOf(server)),
      server.bind ?? '',
      classOf(server),
    ].join('|');
    if (!kinds.has(key)) kinds.set(key, server);
  }
  return index;
});

/** Source: istio/istio pilot/pkg/model mergeGateways, canMergeProtocols. */
export const portProtocols: Rule = {
  code: 'ISB0303',
  name: 'gateway-port-protocols',
  title: 'Servers on one port of a gateway speak different protocols',
  severity: 'error',
  explanation:
    'A port is plain HTTP, TLS or plain TCP. Of servers of different kinds on one port and address the proxy keeps those of the first kind.',
  remedy: 'Use another port for one of them.',
  equivalents: [],
  subjects: ['Gateway'],
  inputs: [...WORKLOAD_KINDS],
  reach: 'mesh',
  check(subject, { snapshot }) {
    return serversOfGateway(snapshot, namespacedName(subject.metadata)).flatMap(
      server => {
        const rival = findRival(snapshot, server);
        if (!rival) return [];
        const younger = compareServers(server, rival) > 0;
        const other =
          rival.gatewayName === server.gatewayName
            ? rival.path
            : `Gateway ${rival.gatewayName}`;
        return [
          {
            message: `Port ${server.port} is ${classOf(
              server,
            )} here and ${classOf(
              rival,
            )} in ${other}: the gateway keeps one of both.`,
            path: `${server.path}.port`,
            ...(younger || rival.gatewayName === server.gatewayName
              ? {}
              : { severity: 'warning' as const }),
          },
        ];
      },
    );
  },
};

function findRival(
  snapshot: MeshSnapshot,
  server: GatewayServer,
): GatewayServer | undefined {
  const kinds = representatives([istioGatewayServers(snapshot)]).get(
    server.port,
  );
  return [...(kinds?.values() ?? [])].find(
    other =>
      classOf(other) !== classOf(server) &&
      (other.bind ?? '') === (server.bind ?? '') &&
      shareWorkload(snapshot, selectorOf(server), selectorOf(other)),
  );
}
