import { fieldsOf, listOf, textOf } from '../../../resources/fields';
import { resolveGatewayName } from '../../../resources/gateway';
import { replacement } from '../../facts/fix';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model resolveGatewayName. */
export const oldGatewayName: Rule = {
  code: 'ISB0125',
  name: 'virtual-service-old-gateway-name',
  title: 'A Gateway is named in the old dotted form',
  severity: 'info',
  explanation:
    'name.namespace.svc.cluster.local is still understood for Gateways, although they are no hosts. Of name.namespace the part after the dot is the namespace.',
  remedy: 'Write namespace/name.',
  equivalents: ['KIA1108'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listOf(fieldsOf(subject.spec).gateways).flatMap((value, index) => {
      const written = textOf(value) ?? '';
      if (!written.includes('.') || written.includes('/')) return [];
      const name = resolveGatewayName(
        written,
        subject.metadata.namespace ?? '',
      );
      const path = `spec.gateways[${index}]`;
      return [
        {
          message: `${written} means the Gateway ${name}.`,
          path,
          fix: replacement(`Write ${name}`, { path, value: name }),
        },
      ];
    });
  },
};
