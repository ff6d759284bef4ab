import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { resolveProtocol } from '../../../resources/service';
import type { Rule } from '../../types';
import { isManagedByIstio } from './managedByIstio';

/** Source: istio/istio analyzers/service/portname.go; pkg/config/kube/conversion.go ConvertProtocol. */
export const portProtocolUnknown: Rule = {
  code: 'ISB0801',
  name: 'service-port-protocol-unknown',
  title: 'Istio cannot tell the protocol of a Service port from its name',
  severity: 'info',
  explanation:
    'Neither appProtocol nor the first part of the port name is a protocol that Istio knows, so proxies look at the first bytes of each connection. That costs a little time, is wrong for protocols where the server speaks first, and HTTP rules for the port can be missed.',
  remedy:
    'Set appProtocol, or name the port protocol[-suffix], as http-web or tcp-sql.',
  equivalents: ['IST0118', 'KIA0601', 'KIA0602'],
  subjects: ['Service'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const spec = fieldsOf(subject.spec);
    if (spec.type === 'ExternalName' || isManagedByIstio(subject)) return [];
    return fieldsListOf(spec.ports).flatMap((port, index) => {
      const number = numberOf(port.port);
      const name = textOf(port.name);
      const appProtocol = textOf(port.appProtocol);
      if (
        number === undefined ||
        resolveProtocol({
          port: number,
          name,
          appProtocol,
          transport: textOf(port.protocol),
        }) !== 'auto'
      ) {
        return [];
      }
      return [
        {
          message: appProtocol
            ? `Port ${number} has the appProtocol ${appProtocol}, which Istio does not know: it is detected.`
            : `Port ${number} is ${
                name ? `named ${name}, which is no protocol` : 'unnamed'
              }: the protocol is detected.`,
          path: `spec.ports[${index}]${appProtocol ? '.appProtocol' : ''}`,
        },
      ];
    });
  },
};
