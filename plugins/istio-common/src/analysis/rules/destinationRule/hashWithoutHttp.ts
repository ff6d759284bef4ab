import { readDestinationRule } from '../../../resources/destinationRule';
import { fieldsOf } from '../../../resources/fields';
import { resolveHost } from '../../../resources/host';
import { mayBeHttp } from '../../../mesh/route/protocol';
import { listPolicies } from '../../facts/policies';
import { servicesOfHost } from '../../facts/services';
import type { Rule } from '../../types';

const BY_REQUEST = ['httpHeaderName', 'httpCookie', 'httpQueryParameterName'];

/** Source: istio/istio pilot/pkg/networking/core/route getHashPolicy: hashes of requests are set on HTTP routes. */
export const hashWithoutHttp: Rule = {
  code: 'ISB0213',
  name: 'destination-rule-hash-without-http',
  title:
    'Sticky sessions by a part of the request are set for a service without HTTP',
  severity: 'warning',
  explanation:
    'Headers, cookies and query parameters are read from HTTP requests. On a port that Istio takes for TCP or TLS it sees none of them, and connections are spread over all endpoints.',
  remedy:
    'Name the protocol of the Service’s port (http-…, appProtocol), or hash by useSourceIp.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'host',
  reachOf: { DestinationRule: 'object' },
  check(subject, { snapshot }) {
    const hashing = listPolicies(subject).flatMap(block => {
      const hash = fieldsOf(fieldsOf(block.fields.loadBalancer).consistentHash);
      const by = BY_REQUEST.find(name => hash[name] !== undefined);
      return by === undefined ? [] : [{ ...block, by }];
    });
    if (hashing.length === 0) return [];
    const services = servicesOfHost(
      snapshot,
      resolveHost(readDestinationRule(subject).host, {
        namespace: subject.metadata.namespace ?? '',
        domain: snapshot.domain,
      }),
    );
    return hashing.flatMap(({ by, port, path }) => {
      const ports = services
        .flatMap(service => service.ports)
        .filter(({ number }) => port === undefined || number === port);
      return ports.length === 0 ||
        ports.some(({ protocol }) => mayBeHttp(protocol))
        ? []
        : [
            {
              message: `${by} has no effect: port ${ports
                .map(({ number, protocol }) => `${number} (${protocol})`)
                .join(', ')} of ${services[0].host} is not HTTP.`,
              path: `${path}.loadBalancer.consistentHash.${by}`,
            },
          ];
    });
  },
};
