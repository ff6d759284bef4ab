import { fieldsOf, textsOf } from '../../../resources/fields';
import { resolveGatewayName } from '../../../resources/gateway';
import { readVirtualService } from '../../../resources/virtualService';
import { removal } from '../../facts/fix';
import type { Rule } from '../../types';

/**
 * Source: istio/istio pilot/pkg/model virtualServicesForGateway: a gateway gets the VirtualServices that name it in
 * spec.gateways, and asks the conditions of those only.
 */
export const gatewayNotListed: Rule = {
  code: 'ISB0128',
  name: 'virtual-service-gateway-not-listed',
  title: 'A condition names a gateway that the VirtualService is not bound to',
  severity: 'warning',
  explanation:
    'A VirtualService is given to the gateways in spec.gateways (without the list: to the mesh). A condition can only narrow that down: for a gateway that is not in the list it is never asked.',
  remedy:
    'Add the gateway to spec.gateways, or take it out of the condition. A list that names gateways needs mesh too, if callers inside the mesh are meant.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const { gateways, rules } = readVirtualService(subject);
    const namespace = subject.metadata.namespace ?? '';
    const bound = new Set(
      gateways.map(gateway => resolveGatewayName(gateway, namespace)),
    );
    return rules.flatMap(({ fieldPath, matches }) =>
      matches.flatMap((match, index) => {
        const named = textsOf(fieldsOf(match).gateways);
        const useless = named.filter(
          gateway => !bound.has(resolveGatewayName(gateway, namespace)),
        );
        return useless.map(gateway => {
          const position = named.indexOf(gateway);
          const path = `spec.${fieldPath}.match[${index}].gateways[${position}]`;
          const all = useless.length === named.length;
          return {
            message: all
              ? `Takes no request: the VirtualService is not bound to ${gateway}.`
              : `${gateway} has no effect here: the VirtualService is not bound to it.`,
            path,
            // Without its last gateway the condition would hold everywhere.
            ...(all ? {} : { fix: removal(`Remove ${gateway}`, path) }),
          };
        });
      }),
    );
  },
};
