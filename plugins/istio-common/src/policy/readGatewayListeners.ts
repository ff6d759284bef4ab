import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
} from '../resources/fields';
import { isKind } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';

/** One port of a Gateway, of Istio's kind or of the Gateway API's. */
export interface GatewayListener {
  path: string;
  port?: number;
  /** In lower case, without the `namespace/` that Istio's may start with; `*` where none is named. */
  hosts: string[];
  /** Secrets with certificates, `namespace/name` where another namespace is named. */
  credentials: string[];
}

/** The listeners of a Gateway; none for other kinds. */
export function readGatewayListeners(object: KubeObject): GatewayListener[] {
  const spec = fieldsOf(object.spec);
  if (isKind(object, 'Gateway')) {
    return fieldsListOf(spec.servers).map((server, index) => {
      const tls = fieldsOf(server.tls);
      return {
        path: `spec.servers[${index}]`,
        ...portOf(fieldsOf(server.port).number),
        hosts: textsOf(server.hosts).map(host =>
          host.slice(host.indexOf('/') + 1).toLowerCase(),
        ),
        credentials: [
          ...textsOf([tls.credentialName]),
          ...textsOf(tls.credentialNames),
          ...textsOf(
            fieldsListOf(tls.tlsCertificates).map(
              ({ credentialName }) => credentialName,
            ),
          ),
        ],
      };
    });
  }
  return isKind(object, 'KubernetesGateway')
    ? fieldsListOf(spec.listeners).map((listener, index) => ({
        path: `spec.listeners[${index}]`,
        ...portOf(listener.port),
        hosts: [(textOf(listener.hostname) ?? '*').toLowerCase()],
        credentials: fieldsListOf(
          fieldsOf(listener.tls).certificateRefs,
        ).flatMap(({ namespace, name }) => {
          const secret = textOf(name);
          const other = textOf(namespace);
          return secret === undefined
            ? []
            : [other === undefined ? secret : `${other}/${secret}`];
        }),
      }))
    : [];
}

function portOf(value: unknown): { port?: number } {
  const port = numberOf(value);
  return port === undefined ? {} : { port };
}
