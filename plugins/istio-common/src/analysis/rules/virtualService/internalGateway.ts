import { listOf, fieldsOf, textOf } from '../../../resources/fields';
import { resolveGatewayName } from '../../../resources/gateway';
import { MADE_FROM_GATEWAY_API } from '../../facts/internalGateways';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/virtualservice/gateways.go, kubeconfig.IsInternalGatewayReference. */
export const internalGateway: Rule = {
  code: 'ISB0113',
  name: 'virtual-service-internal-gateway',
  title: 'A VirtualService names a Gateway that istiod makes for itself',
  severity: 'warning',
  explanation:
    'Istio translates each listener of a Gateway API Gateway into a Gateway of its own, under a name that is no interface: it may change with any release, and routes that name it are lost then.',
  remedy:
    'Attach an HTTPRoute, GRPCRoute, TCPRoute or TLSRoute to the Gateway of Gateway API instead.',
  equivalents: ['IST0165'],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const own = subject.metadata.namespace ?? '';
    return listOf(fieldsOf(subject.spec).gateways).flatMap((value, index) => {
      const written = textOf(value) ?? '';
      return written.includes(MADE_FROM_GATEWAY_API)
        ? [
            {
              message: `${resolveGatewayName(
                written,
                own,
              )} is made by istiod from a Gateway of Gateway API and may change its name.`,
              path: `spec.gateways[${index}]`,
            },
          ]
        : [];
    });
  },
};
