import { resolveGatewayName } from '../../../resources/gateway';
import { fieldsOf, listOf, textOf } from '../../../resources/fields';
import { MESH_GATEWAY } from '../../../resources/virtualService';
import { MADE_FROM_GATEWAY_API } from '../../facts/internalGateways';
import type { Rule } from '../../types';

/** `spec.gateways` names a Gateway that is not there. Source: istio/istio analyzers/virtualservice/gateways.go. */
export const unknownGateway: Rule = {
  code: 'ISB0101',
  name: 'virtual-service-unknown-gateway',
  title: 'A VirtualService names a Gateway that does not exist',
  severity: 'error',
  explanation:
    'The routes of the VirtualService are not attached to that gateway: requests that enter there are answered with 404, or by another VirtualService.',
  remedy:
    'Correct the name. A Gateway of another namespace is written namespace/name; without a namespace it is looked for beside the VirtualService.',
  equivalents: ['IST0101', 'KIA1102'],
  subjects: ['VirtualService'],
  inputs: ['Gateway'],
  reach: 'mesh',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    const own = subject.metadata.namespace ?? '';
    return listOf(fieldsOf(subject.spec).gateways).flatMap((value, index) => {
      const written = textOf(value);
      if (!written || written === MESH_GATEWAY) return [];
      const [namespace, name] = resolveGatewayName(written, own).split('/');
      if (!name || name.includes(MADE_FROM_GATEWAY_API)) return [];
      return snapshot.get('Gateway', namespace, name)
        ? []
        : [
            {
              message: `There is no Gateway ${namespace}/${name}: the routes are not attached to it.`,
              path: `spec.gateways[${index}]`,
            },
          ];
    });
  },
};
