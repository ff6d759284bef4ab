import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost } from '../../../resources/host';
import type { KubeObject } from '../../../resources/types';
import { isCovered, isWildcard } from '../../../mesh/route/hostPatterns';
import { perLists } from '../../../mesh/route/perLists';
import { listDestinations } from '../../facts/destinations';
import { removal } from '../../facts/fix';
import type { Rule } from '../../types';

/** Hosts that some VirtualService sends to, by the subset it names. */
const hostsBySubset = perLists((lists, domain) => {
  const index = new Map<string, Set<string>>();
  for (const object of lists[0] as readonly KubeObject[]) {
    for (const { host, subset } of listDestinations(object, domain)) {
      if (subset !== undefined) {
        const hosts = index.get(subset) ?? new Set<string>();
        index.set(subset, hosts.add(host));
      }
    }
  }
  return index;
});

/** Source: istio.io reference, DestinationRule.subsets: their policies act only where a route names them. */
export const unusedSubset: Rule = {
  code: 'ISB0205',
  name: 'destination-rule-unused-subset',
  title: 'No route names a subset of a DestinationRule',
  severity: 'info',
  explanation:
    'Only VirtualServices send to subsets. One that none of them names costs every proxy a cluster, and its traffic policy is nowhere in force.',
  remedy:
    'Remove the subset, unless it waits for a release. Settings that are meant for all requests belong into the rule’s trafficPolicy.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: ['VirtualService'],
  reach: 'host',
  reachOf: { DestinationRule: 'object' },
  check(subject, { snapshot }) {
    const { host: written, subsets } = readDestinationRule(subject);
    if (subsets.length === 0) return [];
    const host = resolveHost(written, {
      namespace: subject.metadata.namespace ?? '',
      domain: snapshot.domain,
    });
    const used = hostsBySubset(
      [snapshot.list('VirtualService')],
      snapshot.domain,
    );
    return subsets.flatMap(({ name, fieldPath }) => {
      const hosts = used.get(name);
      const named =
        hosts !== undefined &&
        (isWildcard(host)
          ? [...hosts].some(other => isCovered(other, host))
          : hosts.has(host));
      const path = `spec.${fieldPath}`;
      return named
        ? []
        : [
            {
              message: `No VirtualService sends to subset ${name} of ${host}.`,
              path,
              fix: removal(`Remove the subset ${name}`, path),
            },
          ];
    });
  },
};
