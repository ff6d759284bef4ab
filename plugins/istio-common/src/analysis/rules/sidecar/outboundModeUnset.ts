import { fieldsOf, isFields, textOf } from '../../../resources/fields';
import type { Rule } from '../../types';

/** REGISTRY_ONLY is the zero value of Istio's enum. Source: istio/api networking/v1alpha3 sidecar.proto. */
export const outboundModeUnset: Rule = {
  code: 'ISB0706',
  name: 'sidecar-outbound-mode-unset',
  title: 'A Sidecar sets an outbound traffic policy without mode',
  severity: 'info',
  explanation:
    'An outboundTrafficPolicy without mode does not mean the mode of the mesh: it is REGISTRY_ONLY, so requests to hosts that the mesh does not know are refused.',
  remedy:
    'Write the mode that is meant. Without outboundTrafficPolicy the mode of the mesh is in force.',
  equivalents: ['KIA1007'],
  subjects: ['Sidecar'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const policy = fieldsOf(subject.spec).outboundTrafficPolicy;
    if (!isFields(policy) || textOf(policy.mode)) return [];
    return [
      {
        message:
          'No mode is written, which is REGISTRY_ONLY: requests to unknown hosts are refused.',
        path: 'spec.outboundTrafficPolicy',
        fix: {
          title: 'Write REGISTRY_ONLY, which is in force already',
          patch: [
            {
              op: 'add',
              path: '/spec/outboundTrafficPolicy/mode',
              value: 'REGISTRY_ONLY',
            },
          ],
        },
      },
    ];
  },
};
