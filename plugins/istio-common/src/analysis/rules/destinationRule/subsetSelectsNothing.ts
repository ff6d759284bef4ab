import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost } from '../../../resources/host';
import { describeSelector } from '../../../resources/selector';
import { emptinessOf, ENDPOINT_KINDS } from '../../facts/endpoints';
import { servicesOfHost } from '../../facts/services';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/destinationrule/subset.go; label.AugmentLabels for labels of places. */
export const subsetSelectsNothing: Rule = {
  code: 'ISB0202',
  name: 'destination-rule-subset-selects-nothing',
  title: 'A subset of a DestinationRule selects no pods',
  severity: 'warning',
  explanation:
    'A subset is the endpoints of the service whose pods carry its labels as well. No workload behind the service does: whatever is sent to the subset is answered with 503.',
  remedy: 'Correct the labels, start the version, or remove the subset.',
  equivalents: ['IST0173', 'KIA0203'],
  subjects: ['DestinationRule'],
  inputs: ['Service', 'ServiceEntry', ...ENDPOINT_KINDS],
  reach: 'host',
  reachOf: { DestinationRule: 'object' },
  needs: ['workloads'],
  check(subject, { snapshot }) {
    const { host, subsets } = readDestinationRule(subject);
    const [service, other] = servicesOfHost(
      snapshot,
      resolveHost(host, {
        namespace: subject.metadata.namespace ?? '',
        domain: snapshot.domain,
      }),
    );
    if (!service || other) return [];
    return subsets.flatMap(({ name, labels, fieldPath }) =>
      Object.keys(labels).length > 0 &&
      emptinessOf(snapshot, service, labels) === 'selectsNothing'
        ? [
            {
              message: `Subset ${name} selects no pods of ${
                service.host
              }: none has the labels ${describeSelector({
                ...service.selector,
                ...labels,
              })}.`,
              path: `spec.${fieldPath}.labels`,
            },
          ]
        : [],
    );
  },
};
