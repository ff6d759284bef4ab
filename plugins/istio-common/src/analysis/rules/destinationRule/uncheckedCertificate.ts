import { fieldsOf, textOf, isFields } from '../../../resources/fields';
import { listPolicies } from '../../facts/policies';
import type { Rule } from '../../types';

/** Sources: istio/istio pilot/pkg/networking/core/cluster_tls.go constructUpstreamTLS; analyzers/destinationrule/ca-certificates.go. */
export const uncheckedCertificate: Rule = {
  code: 'ISB0206',
  name: 'destination-rule-unchecked-certificate',
  title:
    'TLS to a service is set without saying which certificates are trusted',
  severity: 'info',
  explanation:
    'Without caCertificates the proxy trusts the certificate authorities of its own operating system: a server with a certificate of a private authority is refused, one with any public certificate for the name is accepted. With insecureSkipVerify nothing is checked and anybody can answer.',
  remedy:
    'Name the authority in caCertificates, or a credentialName that holds it, and the expected names in subjectAltNames.',
  equivalents: ['IST0128', 'IST0129'],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const forSelected = isFields(fieldsOf(subject.spec).workloadSelector);
    return listPolicies(subject).flatMap(({ fields, path }) => {
      const tls = fieldsOf(fields.tls);
      const mode = textOf(tls.mode) ?? '';
      const skips = fieldsOf(tls).insecureSkipVerify === true;
      if (!['SIMPLE', 'MUTUAL'].includes(mode)) return [];
      if (skips) {
        return [
          {
            message:
              'insecureSkipVerify: whoever answers is taken for the service.',
            path: `${path}.tls.insecureSkipVerify`,
            severity: 'warning' as const,
          },
        ];
      }
      return textOf(tls.caCertificates) ||
        (textOf(tls.credentialName) && forSelected)
        ? []
        : [
            {
              message: `${mode} without caCertificates: sidecars trust the authorities of their operating system.`,
              path: `${path}.tls`,
            },
          ];
    });
  },
};
