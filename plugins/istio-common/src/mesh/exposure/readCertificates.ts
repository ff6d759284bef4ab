import {
  Fields,
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { GatewayServer } from '../route/gatewayServerModel';
import { CertificateRef } from './types';

/**
 * Certificates that a server names: Secrets in the namespace of the gateway's pods (Istio's Gateway) or of
 * the Gateway itself (Gateway API), or files of the pods.
 *
 * Source: istio.io reference ServerTLSSettings; Gateway API reference, GatewayTLSConfig.
 */
export function readCertificates(
  server: GatewayServer,
  proxyNamespace: string,
): CertificateRef[] {
  const [list, index] = server.listener
    ? (['listeners', server.path] as const)
    : (['servers', server.path] as const);
  const position = Number(/\[(\d+)\]$/.exec(index)?.[1] ?? 0);
  const entry = fieldsListOf(fieldsOf(server.object.spec)[list])[position];
  const tls = fieldsOf(entry?.tls);
  return server.listener
    ? ofListener(server, tls)
    : ofServer(server, tls, proxyNamespace);
}

function ofListener(server: GatewayServer, tls: Fields): CertificateRef[] {
  return fieldsListOf(tls.certificateRefs).flatMap((ref, index) => {
    const name = textOf(ref.name);
    return name === undefined
      ? []
      : [
          {
            kind: textOf(ref.kind) ?? 'Secret',
            namespace: textOf(ref.namespace) ?? server.namespace,
            name,
            fieldPath: `${server.path}.tls.certificateRefs[${index}]`,
          },
        ];
  });
}

function ofServer(
  server: GatewayServer,
  tls: Fields,
  namespace: string,
): CertificateRef[] {
  const named = [
    [textOf(tls.credentialName), 'credentialName'] as const,
    ...textsOf(tls.credentialNames).map(
      (name, index) => [name, `credentialNames[${index}]`] as const,
    ),
    [textOf(tls.caCertCredentialName), 'caCertCredentialName'] as const,
  ];
  const secrets = named.flatMap(([name, field]) =>
    name === undefined
      ? []
      : [
          {
            kind: 'Secret',
            namespace,
            name,
            fieldPath: `${server.path}.tls.${field}`,
          },
        ],
  );
  const files = (['serverCertificate', 'caCertificates'] as const).flatMap(
    field => {
      const name = textOf(tls[field]);
      return name === undefined
        ? []
        : [{ kind: 'File', name, fieldPath: `${server.path}.tls.${field}` }];
    },
  );
  return [...secrets, ...files];
}
