import { resolveGatewayName } from '../../../resources/gateway';
import { resolveHost } from '../../../resources/host';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import { hostsForNamespace } from '../../../mesh/route/gatewayVirtualHost';
import { serversOfGateway } from '../../facts/gatewayServers';
import type { Rule, RuleFinding } from '../../types';

/** Source: istio/istio analyzers/virtualservice/gateways.go vsHostInGateway; pilot/pkg/networking/core/gateway.go. */
export const hostNotInGateway: Rule = {
  code: 'ISB0112',
  name: 'virtual-service-host-not-in-gateway',
  title: 'A VirtualService is for a host that no server of its Gateway has',
  severity: 'warning',
  explanation:
    'A gateway answers only hosts that one of its servers names, and only with the VirtualServices of the namespaces that server allows (namespace/host). Requests for another host get 404 or no connection.',
  remedy:
    'Add the host to a server of the Gateway, allow the namespace there, or correct the host of the VirtualService.',
  equivalents: ['IST0132'],
  subjects: ['VirtualService'],
  inputs: ['Gateway'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    const { gateways, hosts: written } = readVirtualService(subject);
    const own = subject.metadata.namespace ?? '';
    const hosts = written.map(host =>
      resolveHost(host, { namespace: own, domain: snapshot.domain }),
    );
    const named = gateways
      .map((gateway, index) => ({
        index,
        name: resolveGatewayName(gateway, own),
        isMesh: gateway === MESH_GATEWAY,
      }))
      .map(gateway => {
        const servers = serversOfGateway(snapshot, gateway.name);
        return {
          ...gateway,
          unread: servers.length === 0,
          offered: servers.flatMap(server => hostsForNamespace(server, own)),
        };
      });
    if (hosts.length === 0) return [];
    const missing = named.filter(
      ({ isMesh, unread, offered }) =>
        !isMesh && !unread && !hosts.some(host => isOffered(host, offered)),
    );
    const findings: RuleFinding[] = missing.map(({ name, index }) => ({
      message: `No server of Gateway ${name} is for ${written.join(
        ', ',
      )} in namespace ${own}: the routes are not attached to it.`,
      path: `spec.gateways[${index}]`,
    }));
    const unsure =
      missing.length > 0 ||
      named.some(({ isMesh, unread }) => isMesh || unread);
    if (unsure) return findings;
    const offered = named.flatMap(gateway => gateway.offered);
    return hosts.flatMap((host, index) =>
      isOffered(host, offered)
        ? []
        : [
            {
              message: `No server of Gateway ${named
                .map(({ name }) => name)
                .join(', ')} is for ${host} in namespace ${own}.`,
              path: `spec.hosts[${index}]`,
            },
          ],
    );
  },
};

function isOffered(host: string, offered: readonly string[]): boolean {
  return offered.some(other => hostsOverlap(host, other.toLowerCase()));
}
