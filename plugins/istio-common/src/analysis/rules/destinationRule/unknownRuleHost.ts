import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost } from '../../../resources/host';
import { isWildcard } from '../../../mesh/route/hostPatterns';
import { replacement } from '../../facts/fix';
import { coversKnownHost, fullNameOf, isKnownHost } from '../../facts/services';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/destinationrule/subset.go. */
export const unknownRuleHost: Rule = {
  code: 'ISB0201',
  name: 'destination-rule-unknown-host',
  title: 'A DestinationRule is for a host that no Service or ServiceEntry has',
  severity: 'warning',
  explanation:
    'A DestinationRule sets how a service of the registry is called. For a host that is in no registry it does nothing.',
  remedy:
    'Correct the host. A name with a dot is taken as it is: reviews.prod is not short for reviews.prod.svc.cluster.local.',
  equivalents: ['IST0174', 'KIA0202'],
  subjects: ['DestinationRule'],
  inputs: ['Service', 'ServiceEntry'],
  reach: 'host',
  reachOf: { DestinationRule: 'object' },
  check(subject, { snapshot }) {
    const host = resolveHost(readDestinationRule(subject).host, {
      namespace: subject.metadata.namespace ?? '',
      domain: snapshot.domain,
    });
    const known =
      host === '' ||
      isKnownHost(snapshot, host) ||
      (isWildcard(host) && coversKnownHost(snapshot, host));
    if (known) return [];
    const full = fullNameOf(snapshot, host);
    return [
      full
        ? {
            message: `${host} is not short for ${full}: the rule does nothing.`,
            path: 'spec.host',
            fix: replacement(`Write the full name ${full}`, {
              path: 'spec.host',
              value: full,
            }),
          }
        : {
            message: `No Service or ServiceEntry has the host ${host}: the rule does nothing.`,
            path: 'spec.host',
          },
    ];
  },
};
