import { namespacedName } from '../../../resources/objectKey';
import { resolveHost } from '../../../resources/host';
import { resolveGatewayName } from '../../../resources/gateway';
import type { KubeObject } from '../../../resources/types';
import { readVirtualService } from '../../../resources/virtualService';
import type { GatewayServer } from '../../../mesh/route/gatewayServerModel';
import { hostsForNamespace } from '../../../mesh/route/gatewayVirtualHost';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import { perLists } from '../../../mesh/route/perLists';
import { serversOfGateway } from '../../facts/gatewayServers';
import type { Rule } from '../../types';

const boundTo = perLists(lists => {
  const index = new Map<string, Set<KubeObject>>();
  for (const object of lists[0] as readonly KubeObject[]) {
    for (const gateway of readVirtualService(object).gateways) {
      const name = resolveGatewayName(gateway, object.metadata.namespace ?? '');
      index.set(name, (index.get(name) ?? new Set<KubeObject>()).add(object));
    }
  }
  return index;
});

/** Source: istio/istio pilot/pkg/networking/core/gateway.go: a virtual host without routes answers 404. */
export const serverWithoutRoutes: Rule = {
  code: 'ISB0306',
  name: 'gateway-server-without-routes',
  title: 'No VirtualService routes what a server of a Gateway takes',
  severity: 'info',
  explanation:
    'The server listens for its hosts, and no VirtualService that is bound to the Gateway is for any of them: HTTP requests get 404, other connections are closed.',
  remedy:
    'Bind a VirtualService for the hosts to the Gateway (spec.gateways), or remove the server.',
  equivalents: [],
  subjects: ['Gateway'],
  inputs: ['VirtualService'],
  reach: 'mesh',
  reachOf: { Gateway: 'object' },
  check(subject, { snapshot }) {
    const name = namespacedName(subject.metadata);
    const bound = boundTo([snapshot.list('VirtualService')]).get(name);
    return serversOfGateway(snapshot, name)
      .filter(server => !answersByItself(server))
      .filter(
        server =>
          ![...(bound ?? [])].some(object =>
            isFor(object, server, snapshot.domain),
          ),
      )
      .map(server => ({
        message: `No VirtualService that is bound to ${name} is for ${server.hosts.join(
          ', ',
        )}: requests get 404.`,
        path: `${server.path}.hosts`,
      }));
  },
};

/** A redirect to HTTPS needs no route, and what is handed on by its server name finds its service by itself. */
function answersByItself({ tls }: GatewayServer): boolean {
  return tls?.httpsRedirect === true || tls?.mode === 'AUTO_PASSTHROUGH';
}

function isFor(
  object: KubeObject,
  server: GatewayServer,
  domain: string,
): boolean {
  const { namespace = '' } = object.metadata;
  const offered = hostsForNamespace(server, namespace);
  return readVirtualService(object).hosts.some(written => {
    const host = resolveHost(written, { namespace, domain });
    return offered.some(other => hostsOverlap(host, other.toLowerCase()));
  });
}
