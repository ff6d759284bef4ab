import {
  certificateHosts,
  resolveServerCertificates,
} from '../../mesh/exposure/gatewayCertificates';
import type { GatewayServer } from '../../mesh/route/gatewayServerModel';
import { gatewayServers } from '../../mesh/route/gatewayServers';
import { memoizeByIdentity } from '../../resources/memoize';
import type { KindName } from '../../resources/kinds';
import type { KubeObject } from '../../resources/types';
import { WORKLOAD_KINDS } from '../selectedWorkloads';
import type { RuleContext } from '../types';

/** What is read to find the certificates of a gateway's servers. */
export const CERTIFICATE_INPUTS: readonly KindName[] = [
  ...WORKLOAD_KINDS,
  'Service',
  'Namespace',
  'ReferenceGrant',
  'Certificate',
];

const byObject = memoizeByIdentity((servers: readonly GatewayServer[]) => {
  const index = new Map<KubeObject, GatewayServer[]>();
  for (const server of servers) {
    const list = index.get(server.object);
    if (list) list.push(server);
    else index.set(server.object, [server]);
  }
  return index;
});

/** The certificates that the servers of a gateway show to callers, by server. */
export function servedCertificates(
  subject: KubeObject,
  { snapshot, now = 0, certificates }: RuleContext,
) {
  const servers = byObject(gatewayServers(snapshot)).get(subject) ?? [];
  return servers
    .filter(({ tls }) => tls !== undefined)
    .map(server => ({
      hosts: certificateHosts(server),
      served: resolveServerCertificates(snapshot, server, {
        now,
        ...(certificates ? { knowledge: certificates } : {}),
      }),
    }));
}
