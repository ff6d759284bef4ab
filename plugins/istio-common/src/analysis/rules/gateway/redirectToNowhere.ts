import { namespacedName } from '../../../resources/objectKey';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import type { GatewayServer } from '../../../mesh/route/gatewayServerModel';
import { istioGatewayServers } from '../../../mesh/route/gatewayServers';
import { perLists } from '../../../mesh/route/perLists';
import { serversOfGateway } from '../../facts/gatewayServers';
import { selectorOf, shareWorkload } from '../../facts/sharedWorkloads';
import { WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';

/** Servers of TLS by their hosts, wildcards apart. */
const tlsServers = perLists(lists => {
  const exact = new Map<string, GatewayServer[]>();
  const wide: { host: string; server: GatewayServer }[] = [];
  for (const server of lists[0] as readonly GatewayServer[]) {
    if (server.tls === undefined || server.tls.httpsRedirect) continue;
    for (const host of server.hosts.map(nameOf)) {
      if (host.startsWith('*')) {
        wide.push({ host, server });
      } else {
        exact.set(host, [...(exact.get(host) ?? []), server]);
      }
    }
  }
  return { exact, wide };
});

function nameOf(host: string): string {
  return host.slice(host.indexOf('/') + 1).toLowerCase();
}

/** Source: istio.io reference, ServerTLSSettings.httpsRedirect; Envoy's require_tls. */
export const redirectToNowhere: Rule = {
  code: 'ISB0307',
  name: 'gateway-redirect-to-nowhere',
  title:
    'Plain requests are redirected to HTTPS that the gateway does not serve',
  severity: 'info',
  explanation:
    'httpsRedirect answers plain HTTP with a redirect to HTTPS of the same host. No server of the same gateway takes TLS for it. That is right only where a load balancer in front ends TLS and says so with x-forwarded-proto.',
  remedy: 'Add a server with TLS for the host, or remove httpsRedirect.',
  equivalents: [],
  subjects: ['Gateway'],
  inputs: [...WORKLOAD_KINDS],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const { exact, wide } = tlsServers([istioGatewayServers(snapshot)]);
    return serversOfGateway(snapshot, namespacedName(subject.metadata))
      .filter(({ tls }) => tls?.httpsRedirect)
      .flatMap(server => {
        const isHere = (other: GatewayServer) =>
          shareWorkload(snapshot, selectorOf(server), selectorOf(other));
        const lost = server.hosts.map(nameOf).filter(host => {
          const named = host.startsWith('*')
            ? [...exact].flatMap(([name, servers]) =>
                hostsOverlap(host, name) ? servers : [],
              )
            : exact.get(host) ?? [];
          return (
            !named.some(isHere) &&
            !wide.some(
              other => hostsOverlap(host, other.host) && isHere(other.server),
            )
          );
        });
        return lost.length === 0
          ? []
          : [
              {
                message: `Redirects ${lost.join(
                  ', ',
                )} to HTTPS, which no server of this gateway serves.`,
                path: `${server.path}.tls.httpsRedirect`,
              },
            ];
      });
  },
};
