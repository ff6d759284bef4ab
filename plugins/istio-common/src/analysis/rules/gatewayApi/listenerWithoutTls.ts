import {
  fieldsListOf,
  fieldsOf,
  isFields,
  listOf,
  textOf,
  type Fields,
} from '../../../resources/fields';
import type { Rule } from '../../types';

/** Modes in which Istio brings the certificate. */
const TERMINATE_MODE = 'gateway.istio.io/tls-terminate-mode';
const OWN_CERTIFICATE = ['ISTIO_SIMPLE', 'ISTIO_MUTUAL'];
const MOST_CERTIFICATES = 2;

/** Source: istio/istio pilot/pkg/config/kube/gateway conversion.go buildTLS (1.31). */
export const listenerWithoutTls: Rule = {
  code: 'ISB0911',
  name: 'gateway-listener-without-certificate',
  title: 'A listener for HTTPS or TLS has no certificate that can be used',
  severity: 'error',
  explanation:
    'A listener that ends TLS needs one certificate, or two of different kinds. Without, or with more than two, Istio serves no such listener, and clients get no connection.',
  remedy:
    'Name the Secret in tls.certificateRefs, or set tls.mode to Passthrough if the backends end TLS.',
  equivalents: [],
  subjects: ['KubernetesGateway'],
  inputs: [],
  reach: 'object',
  check: subject =>
    fieldsListOf(fieldsOf(subject.spec).listeners).flatMap(
      (listener, index) => {
        const why = explain(listener);
        const name = textOf(listener.name) ?? String(index);
        return why
          ? [
              {
                message: `Listener ${name} ${why}: it is not served.`,
                path: `spec.listeners[${index}].tls`,
              },
            ]
          : [];
      },
    ),
};

function explain({ protocol, tls }: Fields): string | undefined {
  if (protocol !== 'HTTPS' && protocol !== 'TLS') return undefined;
  if (!isFields(tls)) return `is ${protocol} and says nothing about TLS`;
  const mode = fieldsOf(tls.options)[TERMINATE_MODE];
  if (
    (tls.mode ?? 'Terminate') !== 'Terminate' ||
    OWN_CERTIFICATE.includes(String(mode))
  ) {
    return undefined;
  }
  const count = listOf(tls.certificateRefs).length;
  if (count === 0) return 'names no certificate';
  return count > MOST_CERTIFICATES
    ? `names ${count} certificates, Istio takes ${MOST_CERTIFICATES} at most`
    : undefined;
}
