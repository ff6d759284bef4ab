import { fieldsOf, isFields, textOf } from '../../../resources/fields';
import { listPolicies } from '../../facts/policies';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/cluster_tls.go; istio.io reference, ClientTLSSettings.credentialName. */
export const credentialForSidecars: Rule = {
  code: 'ISB0207',
  name: 'destination-rule-credential-for-sidecars',
  title: 'TLS with a Secret is set for callers that cannot read it',
  severity: 'info',
  explanation:
    'Gateways read the Secret of credentialName; sidecars do so only by a DestinationRule that selects them with workloadSelector. Every other sidecar drops the TLS settings and sends plaintext.',
  remedy:
    'Select the callers with workloadSelector. For calls that leave through an egress gateway nothing needs to be done.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject) {
    if (isFields(fieldsOf(subject.spec).workloadSelector)) return [];
    return listPolicies(subject).flatMap(({ fields, path }) => {
      const tls = fieldsOf(fields.tls);
      const name = textOf(tls.credentialName);
      return name !== undefined &&
        !name.startsWith('configmap://') &&
        ['SIMPLE', 'MUTUAL'].includes(textOf(tls.mode) ?? '')
        ? [
            {
              message: `Only gateways read the Secret ${name}: sidecars send plaintext by this rule.`,
              path: `${path}.tls.credentialName`,
            },
          ]
        : [];
    });
  },
};
