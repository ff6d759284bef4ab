import {
  fieldsOf,
  labelsOf,
  listOf,
  textOf,
  textsOf,
} from '../../../resources/fields';
import { namespacedName } from '../../../resources/objectKey';
import { readServiceEntry } from '../../../resources/serviceEntry';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';
import {
  claimOf,
  claimsOfHost,
  compete,
  resolutionOf,
  type Claim,
} from './entryIndex';

/**
 * Two ServiceEntries define one host and only the older counts.
 *
 * Source: istio/istio pilot/pkg/model/sidecar.go appendSidecarServices, canMergeServices (1.31).
 */
export const hostClaimedTwice: Rule = {
  code: 'ISB0404',
  name: 'service-entry-host-claimed-twice',
  title: 'Two ServiceEntries define the same host and cannot be put together',
  severity: 'warning',
  explanation:
    'Of definitions that a proxy sees with equal right it keeps the oldest and ignores the others, with their ports, resolution and location. Only within one namespace, with the same resolution, labels, selector and exportTo, are the ports put together.',
  remedy:
    'Keep one ServiceEntry per host for all, owned by one team; where a namespace wants its own, export that one to "." only.',
  equivalents: ['KIA1211'],
  subjects: ['ServiceEntry'],
  inputs: [],
  reach: 'mesh',
  check(subject, { snapshot }) {
    const own = claimOf(snapshot, subject);
    if (!own) return [];
    return listOf(fieldsOf(subject.spec).hosts).flatMap((value, index) => {
      const host = textOf(value)?.toLowerCase() ?? '';
      const claims = claimsOfHost(snapshot, host);
      const rivals = claims.filter(
        claim =>
          claim !== own && compete(own, claim) && !arePutTogether(own, claim),
      );
      if (rivals.length === 0) return [];
      const path = `spec.hosts[${index}]`;
      const older = rivals.find(
        claim => claims.indexOf(claim) < claims.indexOf(own),
      );
      return [
        older
          ? {
              message: `Ignored for ${host} where ${nameOf(
                older,
              )} is seen too: that one is older.`,
              path,
            }
          : {
              message: `${host} is also defined by ${rivals
                .map(nameOf)
                .join(', ')}. This one, the oldest, is in force.`,
              path,
              severity: 'info' as const,
            },
      ];
    });
  },
};

function nameOf({ object }: Claim): string {
  return namespacedName(object.metadata);
}

function arePutTogether(a: Claim, b: Claim): boolean {
  if (
    a.namespace !== b.namespace ||
    resolutionOf(a.object) !== resolutionOf(b.object)
  ) {
    return false;
  }
  // With the same ports nothing is lost, since endpoints are kept by host and namespace.
  return (
    describePorts(a.object) === describePorts(b.object) ||
    describeRest(a.object) === describeRest(b.object)
  );
}

function describePorts(object: KubeObject): string {
  return JSON.stringify(readServiceEntry(object).ports);
}

function describeRest(object: KubeObject): string {
  const spec = fieldsOf(object.spec);
  const inOrder = (labels: Readonly<Record<string, string>>) =>
    Object.entries(labels).sort();
  return JSON.stringify([
    inOrder(object.metadata.labels ?? {}),
    inOrder(labelsOf(fieldsOf(spec.workloadSelector).labels)),
    textsOf(spec.exportTo).sort(),
  ]);
}
