import {
  fieldsListOf,
  fieldsOf,
  listOf,
  textOf,
} from '../../../resources/fields';
import type { KubeObject } from '../../../resources/types';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';
import { resolutionOf } from './entryIndex';

const OPT_OUT = 'networking.istio.io/enable-autoallocate-ip';

/**
 * A TCP port of a ServiceEntry without address.
 *
 * Source: istio/istio analyzers/serviceentry/protocoladdresses.go;
 * pilot/pkg/networking/serviceentry/ip_autoallocation.go for what istiod allocates (1.31).
 */
export const addressesMissing: Rule = {
  code: 'ISB0401',
  name: 'service-entry-tcp-without-address',
  title: 'A TCP port of a ServiceEntry has no address',
  severity: 'warning',
  explanation:
    'TCP carries no host name, so without an address the proxy can only listen on the port for every address: all TCP traffic to that port is taken for this service. Istio allocates an address of its own for hosts that it resolves, which helps only proxies that capture DNS.',
  remedy:
    'Name the addresses of the service in spec.addresses, or let Istio allocate one (a resolution other than NONE, with DNS capture on the clients), or give the port the protocol TLS if the clients send a server name.',
  equivalents: ['IST0134'],
  subjects: ['ServiceEntry'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const spec = fieldsOf(subject.spec);
    if (
      listOf(spec.addresses).length > 0 ||
      listOf(fieldsOf(subject.status).addresses).length > 0 ||
      isAllocatedByProxies(snapshot)
    ) {
      return [];
    }
    const mayBeAllocated = canBeAllocated(subject);
    return fieldsListOf(spec.ports).flatMap((port, index) => {
      const protocol = textOf(port.protocol) ?? '';
      if (!['', 'TCP'].includes(protocol.toUpperCase())) return [];
      return [
        {
          message: mayBeAllocated
            ? `Port ${port.number} is TCP and has no address until Istio has allocated one.`
            : `Port ${port.number} is TCP and has no address: proxies take all TCP traffic to that port for this service.`,
          path: `spec.ports[${index}]`,
          ...(mayBeAllocated && { severity: 'info' as const }),
        },
      ];
    });
  },
};

function canBeAllocated(object: KubeObject): boolean {
  return (
    resolutionOf(object) !== 'NONE' &&
    object.metadata.labels?.[OPT_OUT]?.toLowerCase() !== 'false'
  );
}

/** meshConfig may switch DNS capture and allocation on for all proxies. */
function isAllocatedByProxies(snapshot: MeshSnapshot): boolean {
  const { proxyMetadata } = fieldsOf(
    fieldsOf(snapshot.meshConfig).defaultConfig,
  );
  const settings = fieldsOf(proxyMetadata);
  return (
    settings.ISTIO_META_DNS_CAPTURE === 'true' &&
    (settings.ISTIO_META_DNS_AUTO_ALLOCATE === 'true' ||
      settings.PILOT_ENABLE_IP_AUTOALLOCATE === 'true')
  );
}
