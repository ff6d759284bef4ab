import { listDestinations } from '../../facts/destinations';
import { rulesWithSubset } from '../../facts/subsets';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/virtualservice/destinationrules.go. */
export const unknownSubset: Rule = {
  code: 'ISB0105',
  name: 'virtual-service-unknown-subset',
  title: 'A route sends to a subset that no DestinationRule defines',
  severity: 'error',
  explanation:
    'Subsets are made by DestinationRules. Without one of that name for the host there is no cluster to send to: requests that take the route are answered with 503.',
  remedy:
    'Add the subset to the DestinationRule of the host, or correct the name.',
  equivalents: ['IST0101', 'KIA1107'],
  subjects: ['VirtualService'],
  inputs: ['DestinationRule'],
  reach: 'host',
  reachOf: { VirtualService: 'object' },
  check(subject, { snapshot }) {
    return listDestinations(subject, snapshot.domain).flatMap(
      ({ host, subset, path, mirror }) =>
        subset === undefined ||
        rulesWithSubset(snapshot, { host, subset }).length > 0
          ? []
          : [
              {
                message: `No DestinationRule for ${host} defines the subset ${subset}.`,
                path: `${path}.subset`,
                severity: mirror ? ('warning' as const) : ('error' as const),
              },
            ],
    );
  },
};
