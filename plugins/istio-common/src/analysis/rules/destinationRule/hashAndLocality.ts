import { fieldsOf, listOf } from '../../../resources/fields';
import { listPolicies } from '../../facts/policies';
import type { Rule } from '../../types';

/** Source: Envoy's ring hash and maglev pick among the endpoints of one priority; istio.io, Locality Load Balancing. */
export const hashAndLocality: Rule = {
  code: 'ISB0214',
  name: 'destination-rule-hash-and-locality',
  title: 'Sticky sessions are set beside rules of locality',
  severity: 'info',
  explanation:
    'The endpoint for a key is chosen among those that locality leaves to a caller. Callers in different zones get different endpoints for the same key, and a failover moves every session of a zone.',
  remedy:
    'Switch locality off for this host (localityLbSetting: { enabled: false }) where a key must always meet the same endpoint.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listPolicies(subject).flatMap(({ fields, path }) => {
      const { consistentHash, localityLbSetting } = fieldsOf(
        fields.loadBalancer,
      );
      const setting = fieldsOf(localityLbSetting);
      const field = ['distribute', 'failover', 'failoverPriority'].find(
        name => listOf(setting[name]).length > 0,
      );
      return consistentHash === undefined ||
        field === undefined ||
        setting.enabled === false
        ? []
        : [
            {
              message: `consistentHash stands beside ${field}: one key meets different endpoints from different places.`,
              path: `${path}.loadBalancer.consistentHash`,
            },
          ];
    });
  },
};
