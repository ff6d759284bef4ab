import { readDestinationRule } from '../../../resources/destinationRule';
import { resolveHost } from '../../../resources/host';
import type { KubeObject } from '../../../resources/types';
import { isCovered, isWildcard } from '../../../mesh/route/hostPatterns';
import { indexLists } from '../../../mesh/route/indexLists';
import { perLists } from '../../../mesh/route/perLists';
import { listDestinations } from '../../facts/destinations';
import { removal } from '../../facts/fix';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule } from '../../types';

/** VirtualServices by each host and subset that they send to. */
const bySubset = indexLists<KubeObject>({
  entriesFor: domain => (object, put) => {
    for (const { host, subset } of listDestinations(object, domain)) {
      if (subset !== undefined) put(`${host} ${subset}`, object);
    }
  },
});

/** Hosts that are sent to, by the subset that is named; for a rule of many hosts. */
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

function isSentTo(
  snapshot: MeshSnapshot,
  to: { host: string; subset: string },
): boolean {
  const { host, subset } = to;
  const lists = [snapshot.list('VirtualService')];
  return isWildcard(host)
    ? [...(hostsBySubset(lists, snapshot.domain).get(subset) ?? [])].some(
        other => isCovered(other, host),
      )
    : bySubset(lists, snapshot.domain).has(`${host} ${subset}`);
}

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
    return subsets.flatMap(({ name, fieldPath }) => {
      const path = `spec.${fieldPath}`;
      return isSentTo(snapshot, { host, subset: name })
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
