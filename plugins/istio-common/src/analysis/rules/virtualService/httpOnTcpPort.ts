import { resolveGatewayName } from '../../../resources/gateway';
import { resolveHost } from '../../../resources/host';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { KubeObject } from '../../../resources/types';
import type { GatewayServer } from '../../../mesh/route/gatewayServerModel';
import { terminatesHttps } from '../../../mesh/route/gatewayServerModel';
import { hostsForNamespace } from '../../../mesh/route/gatewayVirtualHost';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import { isHttp, mayBeHttp } from '../../../mesh/route/protocol';
import type { MeshSnapshot } from '../../../snapshot/types';
import { serversOfGateway } from '../../facts/gatewayServers';
import { servicesOfHost } from '../../facts/services';
import type { Rule } from '../../types';

/**
 * Sources: istio/istio pilot/pkg/networking/core/listener.go buildSidecarOutboundListener (HTTP routes for ports that
 * are HTTP, or detected), gateway.go (for servers that are HTTP or terminate HTTPS).
 */
export const httpRulesOnTcpPort: Rule = {
  code: 'ISB0129',
  name: 'virtual-service-http-rules-on-tcp-port',
  title: 'HTTP rules are for a host whose ports carry no HTTP',
  severity: 'warning',
  explanation:
    'Rules under http are asked only where Istio reads HTTP: at ports whose protocol is HTTP or detected, and at servers of gateways that are HTTP or open HTTPS. All ports of this host are TCP or TLS: the rules take no request.',
  remedy:
    'Name the port’s protocol as it is (appProtocol, or a port name such as http-web), or write the rules under tcp or tls.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: ['Service', 'ServiceEntry', 'Gateway'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object', Service: 'host', ServiceEntry: 'host' },
  check(subject, { snapshot }) {
    const { gateways, hosts, rules } = readVirtualService(subject);
    const first = rules.find(({ protocol }) => protocol === 'http');
    if (!first || hosts.length === 0) return [];
    const places = gateways.map(gateway =>
      gateway === MESH_GATEWAY
        ? inMesh(snapshot, subject)
        : atGateway(snapshot, subject, gateway),
    );
    // Where one place may carry HTTP, the rules are meant for that one.
    return places.every(place => place !== undefined)
      ? [
          {
            message: `The HTTP rules take no request: ${places.join('; ')}.`,
            path: `spec.${first.protocol}`,
          },
        ]
      : [];
  },
};

/** Why no caller inside the mesh meets them; undefined where one may, or where it is not known. */
function inMesh(
  snapshot: MeshSnapshot,
  subject: KubeObject,
): string | undefined {
  const namespace = subject.metadata.namespace ?? '';
  const told: string[] = [];
  for (const written of readVirtualService(subject).hosts) {
    const host = resolveHost(written, { namespace, domain: snapshot.domain });
    const ports = servicesOfHost(snapshot, host).flatMap(one => one.ports);
    if (ports.length === 0 || ports.some(one => mayBeHttp(one.protocol))) {
      return undefined;
    }
    told.push(
      `${written} has ${ports
        .map(({ number, protocol }) => `port ${number} (${protocol})`)
        .join(', ')}`,
    );
  }
  return told.join('; ');
}

function atGateway(
  snapshot: MeshSnapshot,
  subject: KubeObject,
  gateway: string,
): string | undefined {
  const namespace = subject.metadata.namespace ?? '';
  const name = resolveGatewayName(gateway, namespace);
  const hosts = readVirtualService(subject).hosts.map(host =>
    resolveHost(host, { namespace, domain: snapshot.domain }),
  );
  const servers = serversOfGateway(snapshot, name).filter(server =>
    hostsForNamespace(server, namespace).some(offered =>
      hosts.some(host => hostsOverlap(host, offered.toLowerCase())),
    ),
  );
  return servers.length === 0 || servers.some(readsHttp)
    ? undefined
    : `Gateway ${name} has ${servers
        .map(({ port, protocol }) => `port ${port} (${protocol})`)
        .join(', ')} for it`;
}

function readsHttp(server: GatewayServer): boolean {
  return (
    isHttp(server.protocol) ||
    server.protocol === 'auto' ||
    terminatesHttps(server)
  );
}
