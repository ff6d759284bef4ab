import { readDestinationRule } from '../../../resources/destinationRule';
import { describeSelector } from '../../../resources/selector';
import type { MeshSnapshot } from '../../../snapshot/types';
import { listDestinations } from '../../facts/destinations';
import {
  emptinessOf,
  ENDPOINT_KINDS,
  type Emptiness,
} from '../../facts/endpoints';
import { servicesOfHost } from '../../facts/services';
import { rulesWithSubset } from '../../facts/subsets';
import type { Rule } from '../../types';

/** Source: Envoy answers for a cluster without endpoints with 503 and the flag UH. */
export const emptyVersion: Rule = {
  code: 'ISB0118',
  name: 'virtual-service-empty-version',
  title: 'A route sends a share of the requests to a version without pods',
  severity: 'error',
  explanation:
    'The subset of the destination selects no pod, or only workloads that are scaled to zero. Its share of the requests is answered with 503, while the rest goes well.',
  remedy:
    'Start the version, correct the labels of the subset, or take the share back.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: ['DestinationRule', 'Service', 'ServiceEntry', ...ENDPOINT_KINDS],
  reach: 'host',
  reachOf: { VirtualService: 'object' },
  needs: ['workloads'],
  check(subject, { snapshot }) {
    return listDestinations(subject, snapshot.domain).flatMap(destination => {
      const { host, subset, share, mirror, path } = destination;
      if (subset === undefined || mirror || share === 0) return [];
      const empty = emptySubset(snapshot, { host, subset });
      return empty
        ? [
            {
              message: `${percent(
                share,
              )} of the requests go to subset ${subset} of ${host}, ${
                empty.why === 'selectsNothing'
                  ? `which selects no pods (${empty.selector})`
                  : 'whose workloads are scaled to zero'
              }.`,
              path: `${path}.subset`,
            },
          ]
        : [];
    });
  },
};

/** Empty only where it is so by every DestinationRule that defines it. */
function emptySubset(
  snapshot: MeshSnapshot,
  of: { host: string; subset: string },
): { why: Emptiness; selector: string } | undefined {
  const [service, other] = servicesOfHost(snapshot, of.host);
  if (!service || other) return undefined;
  let found: { why: Emptiness; selector: string } | undefined;
  for (const object of rulesWithSubset(snapshot, of)) {
    const subset = readDestinationRule(object).subsets.find(
      ({ name }) => name === of.subset,
    );
    const labels = subset?.labels ?? {};
    const why = emptinessOf(snapshot, service, labels);
    if (!why) return undefined;
    found = { why, selector: describeSelector(labels) };
  }
  return found;
}

function percent(share: number): string {
  return share === 1 ? 'All' : `${Number((share * 100).toFixed(1))} %`;
}
