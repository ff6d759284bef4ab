import {
  CERTIFICATE_INPUTS,
  servedCertificates,
} from '../../facts/servedCertificates';
import type { Rule } from '../../types';

/** Source: cert-manager.io reference, Certificate: renewBefore is a third of the lifetime unless set. */
export const certificateExpiring: Rule = {
  code: 'ISB0311',
  name: 'gateway-certificate-expiring',
  title: 'A certificate that a gateway serves ends soon',
  severity: 'warning',
  explanation:
    'What renews certificates has renewed them long before this: the certificate is nearer to its end than it should come (30 days unless set otherwise, 7 for an error, and never more than a third or a tenth of its lifetime). When it ends, callers refuse the connection.',
  remedy:
    'Find out why it was not renewed: the conditions of cert-manager’s Certificate say it. Where a person renews it, do it now.',
  equivalents: [],
  subjects: ['Gateway', 'KubernetesGateway'],
  inputs: [...CERTIFICATE_INPUTS],
  reach: 'mesh',
  needs: ['clock'],
  check(subject, context) {
    return servedCertificates(subject, context).flatMap(({ served }) =>
      served
        .filter(({ certificate }) =>
          ['soon', 'urgent'].includes(certificate.expiry),
        )
        .map(({ namespace, name, certificate, fieldPath }) => ({
          message: `The certificate ${namespace}/${name}: ${certificate.text}`,
          path: fieldPath,
          ...(certificate.expiry === 'urgent'
            ? { severity: 'error' as const }
            : {}),
        })),
    );
  },
};
