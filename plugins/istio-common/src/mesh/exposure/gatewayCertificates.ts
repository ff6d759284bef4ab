import { isGranted } from '../route/gatewayApiBackends';
import { GatewayServer } from '../route/gatewayServerModel';
import { gatewayServers } from '../route/gatewayServers';
import { proxyOfGateway } from '../route/gatewayWorkload';
import { MeshSnapshot } from '../../snapshot/types';
import {
  resolveCertificate,
  unknownCertificate,
} from '../certificates/resolveCertificate';
import { CertificateKnowledge } from '../certificates/types';
import { NamedCertificate, readCertificates } from './readCertificates';
import { CertificateRef } from './types';

/** Beside the snapshot: the time, and what was read of Secrets. */
export interface CertificateContext {
  /** Epoch milliseconds. */
  now: number;
  knowledge?: CertificateKnowledge;
}

/** The certificates that a server names, with what is known of each. */
export function resolveServerCertificates(
  snapshot: MeshSnapshot,
  server: GatewayServer,
  context: CertificateContext,
): (CertificateRef & Pick<NamedCertificate, 'use'>)[] {
  const { namespace } = proxyOfGateway(snapshot, server).workload;
  return readCertificates(server, namespace).map(named => ({
    ...named,
    certificate: stateOf(snapshot, { server, named, context }),
  }));
}

function stateOf(
  snapshot: MeshSnapshot,
  options: {
    server: GatewayServer;
    named: NamedCertificate;
    context: CertificateContext;
  },
) {
  const { server, named, context } = options;
  const { kind, namespace, name, use } = named;
  if (kind === 'File') {
    return unknownCertificate('It is a file of the gateway’s pods.');
  }
  if (kind !== 'Secret' || namespace === undefined) {
    return unknownCertificate(`${kind} objects are not read.`);
  }
  if (!mayUse(snapshot, server, { namespace, name })) {
    return unknownCertificate(
      `No ReferenceGrant in ${namespace} lets the Gateway use it.`,
    );
  }
  return resolveCertificate({
    snapshot,
    secret: { namespace, name },
    use,
    ...context,
  });
}

/** A Secret of another namespace needs a ReferenceGrant there; Istio's Gateways only name their own. */
function mayUse(
  snapshot: MeshSnapshot,
  server: GatewayServer,
  secret: { namespace: string; name: string },
): boolean {
  return (
    server.listener === undefined ||
    secret.namespace === server.namespace ||
    isGranted({
      from: server.object,
      to: { ...secret, group: '', kind: 'Secret' },
      grants: snapshot.inNamespace('ReferenceGrant', secret.namespace),
    })
  );
}

/** Every Secret that a gateway serves a certificate from, each once: what a reader may look at, and no other. */
export function listGatewaySecrets(
  snapshot: MeshSnapshot,
): { namespace: string; name: string }[] {
  const found = new Map<string, { namespace: string; name: string }>();
  for (const server of gatewayServers(snapshot)) {
    if (!server.tls) continue;
    const proxy = proxyOfGateway(snapshot, server).workload;
    for (const { kind, namespace, name } of readCertificates(
      server,
      proxy.namespace,
    )) {
      if (
        kind === 'Secret' &&
        namespace !== undefined &&
        mayUse(snapshot, server, { namespace, name })
      ) {
        found.set(`${namespace}/${name}`, { namespace, name });
      }
    }
  }
  return [...found.values()];
}

/** The hosts of a server without the namespaces that may route them. */
export function certificateHosts(server: GatewayServer): string[] {
  return [
    ...new Set(
      server.hosts.map(host => host.slice(host.indexOf('/') + 1).toLowerCase()),
    ),
  ];
}
