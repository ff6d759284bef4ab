import {
  CERTIFICATE_INPUTS,
  servedCertificates,
} from '../../facts/servedCertificates';
import type { Rule } from '../../types';

/** Source: RFC 5280, section 4.1.2.5 (validity). */
export const certificateExpired: Rule = {
  code: 'ISB0310',
  name: 'gateway-certificate-expired',
  title: 'A gateway serves a certificate that has ended or is not valid yet',
  severity: 'error',
  explanation:
    'Callers check when a certificate is valid. Outside of that time they end the connection before any request is sent, and the gateway sees no more than a closed connection.',
  remedy:
    'Renew the certificate. With cert-manager, read the conditions of its Certificate and of the latest CertificateRequest; without it, put the new certificate into the Secret: the proxies take it without a restart.',
  equivalents: ['IST0161'],
  subjects: ['Gateway', 'KubernetesGateway'],
  inputs: [...CERTIFICATE_INPUTS],
  reach: 'mesh',
  needs: ['clock'],
  check(subject, context) {
    return servedCertificates(subject, context).flatMap(({ served }) =>
      served
        .filter(({ certificate }) =>
          ['expired', 'notYetValid'].includes(certificate.expiry),
        )
        .map(({ namespace, name, certificate, fieldPath }) => ({
          message: `The certificate ${namespace}/${name}: ${certificate.text}`,
          path: fieldPath,
        })),
    );
  },
};
