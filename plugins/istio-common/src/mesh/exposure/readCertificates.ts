import {
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import type { Fields } from '../../resources/fields';
import type { CertificateUse } from '../certificates/types';
import { GatewayServer } from '../route/gatewayServerModel';

/** A certificate that a server names. */
export interface NamedCertificate {
  kind: string;
  namespace?: string;
  name: string;
  fieldPath: string;
  use: CertificateUse;
}

/**
 * Certificates that a server names: Secrets in the namespace of the gateway's pods (Istio's Gateway) or of
 * the Gateway itself (Gateway API), or files of the pods.
 *
 * Source: istio.io reference ServerTLSSettings; Gateway API reference, GatewayTLSConfig.
 */
export function readCertificates(
  server: GatewayServer,
  proxyNamespace: string,
): NamedCertificate[] {
  const list = server.listener ? 'listeners' : 'servers';
  const position = Number(/\[(\d+)\]$/.exec(server.path)?.[1] ?? 0);
  const entry = fieldsListOf(fieldsOf(server.object.spec)[list])[position];
  const tls = fieldsOf(entry?.tls);
  return server.listener
    ? ofListener(server, tls)
    : ofServer(server, tls, proxyNamespace);
}

function ofListener(server: GatewayServer, tls: Fields): NamedCertificate[] {
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
            use: 'server' as const,
          },
        ];
  });
}

function ofServer(
  server: GatewayServer,
  tls: Fields,
  namespace: string,
): NamedCertificate[] {
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
            use: useOf(field),
          },
        ],
  );
  const files = (['serverCertificate', 'caCertificates'] as const).flatMap(
    field => {
      const name = textOf(tls[field]);
      return name === undefined
        ? []
        : [
            {
              kind: 'File',
              name,
              fieldPath: `${server.path}.tls.${field}`,
              use: useOf(field),
            },
          ];
    },
  );
  return [...secrets, ...files];
}

function useOf(field: string): CertificateUse {
  return /^ca/.test(field) ? 'authority' : 'server';
}
