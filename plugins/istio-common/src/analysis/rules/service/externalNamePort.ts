import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { resolveProtocol } from '../../../resources/service';
import type { Rule } from '../../types';
import { isManagedByIstio } from './managedByIstio';

/** Source: istio/istio analyzers/service/portname.go, message ExternalNameServiceTypeInvalidPortName. */
export const externalNamePort: Rule = {
  code: 'ISB0802',
  name: 'external-name-port-takes-all-tcp',
  title: 'A port of an ExternalName Service takes all TCP traffic',
  severity: 'warning',
  explanation:
    'An ExternalName Service has no address of its own. For a port that is not HTTP or TLS the proxy listens on that port for every address and sends whatever arrives there to this one outside host.',
  remedy:
    'Name the port after a protocol that carries a host, as http, https, tls or grpc, or remove the ports: an ExternalName needs none.',
  equivalents: ['IST0150'],
  subjects: ['Service'],
  inputs: [],
  reach: 'object',
  check(subject) {
    const spec = fieldsOf(subject.spec);
    if (spec.type !== 'ExternalName' || isManagedByIstio(subject)) return [];
    return fieldsListOf(spec.ports).flatMap((port, index) => {
      const number = numberOf(port.port) ?? 0;
      const name = textOf(port.name);
      const protocol = resolveProtocol({
        port: number,
        name,
        appProtocol: textOf(port.appProtocol),
        transport: textOf(port.protocol),
      });
      if (protocol !== 'auto' && name !== 'tcp') return [];
      return [
        {
          message: `Port ${number} (${
            name ?? 'unnamed'
          }) names no protocol that carries a host: proxies send all TCP traffic on it to ${
            textOf(spec.externalName) ?? 'the outside host'
          }.`,
          path: `spec.ports[${index}].name`,
        },
      ];
    });
  },
};
