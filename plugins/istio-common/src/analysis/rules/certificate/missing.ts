import {
  CERTIFICATE_INPUTS,
  servedCertificates,
} from '../../facts/servedCertificates';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/xds/sds.go: a Secret that is not found is not sent, its listener waits for it (1.31). */
export const certificateMissing: Rule = {
  code: 'ISB0312',
  name: 'gateway-certificate-missing',
  title: 'A gateway names a certificate that is not there',
  severity: 'error',
  explanation:
    'The Secret does not exist, or cert-manager has not issued the certificate for it yet. The gateway has nothing to show: every connection to this server fails.',
  remedy:
    'Correct the name, create the Secret in the namespace of the gateway’s pods, or read in the conditions of cert-manager’s Certificate why it is not issued.',
  equivalents: ['IST0101'],
  subjects: ['Gateway', 'KubernetesGateway'],
  inputs: [...CERTIFICATE_INPUTS],
  reach: 'mesh',
  needs: ['clock'],
  check(subject, context) {
    return servedCertificates(subject, context).flatMap(({ served }) =>
      served
        .filter(({ certificate }) => certificate.state === 'missing')
        .map(({ namespace, name, certificate, fieldPath }) => ({
          message: `The certificate ${namespace}/${name}: ${certificate.text}`,
          path: fieldPath,
        })),
    );
  },
};
