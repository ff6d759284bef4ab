import { readDestinationRule } from '../../../resources/destinationRule';
import { isFields } from '../../../resources/fields';
import { resolveHost } from '../../../resources/host';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { isWildcard } from '../../../mesh/route/hostPatterns';
import { destinationRules } from '../../../mesh/traffic/routingIndex';
import type { MeshSnapshot } from '../../../snapshot/types';
import type { Rule, RuleFinding } from '../../types';

/** Source: istio/istio pilot/pkg/model mergeDestinationRule (1.31). */
export const rivalRules: Rule = {
  code: 'ISB0204',
  name: 'destination-rule-rival',
  title: 'Two DestinationRules of a namespace set the same thing for one host',
  severity: 'warning',
  explanation:
    'Istio puts DestinationRules of one namespace for one host together: the traffic policy of the oldest that has one counts, and of two subsets with one name the older. What the other one says is ignored without a word.',
  remedy:
    'Put both into one DestinationRule, or leave in the younger only subsets that the older does not define.',
  equivalents: ['KIA0201'],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const older = olderRivals(subject, snapshot);
    if (older.length === 0) return [];
    const findings: RuleFinding[] = [];
    const policy = older.find(hasPolicy);
    if (policy && hasPolicy(subject)) {
      findings.push({
        message: `Ignored: the trafficPolicy of ${namespacedName(
          policy.metadata,
        )}, which is older, is in force.`,
        path: 'spec.trafficPolicy',
      });
    }
    for (const { name, fieldPath } of readDestinationRule(subject).subsets) {
      const twin = older.find(object =>
        readDestinationRule(object).subsets.some(other => other.name === name),
      );
      if (twin) {
        findings.push({
          message: `Ignored: ${namespacedName(
            twin.metadata,
          )}, which is older, defines subset ${name} too.`,
          path: `spec.${fieldPath}`,
        });
      }
    }
    return findings;
  },
};

function olderRivals(
  subject: KubeObject,
  snapshot: MeshSnapshot,
): KubeObject[] {
  const { namespace = '' } = subject.metadata;
  const view = readDestinationRule(subject);
  // One for selected callers is a rule of its own; one for others to see is put together with its equals.
  if (isFields(subject.spec?.workloadSelector)) return [];
  const host = resolveHost(view.host, { namespace, domain: snapshot.domain });
  const index = destinationRules(snapshot);
  const same = isWildcard(host)
    ? index.wildcards
        .filter(({ pattern }) => pattern === host)
        .map(({ object }) => object)
    : index.exact(host);
  return same
    .filter(
      other =>
        other !== subject &&
        other.metadata.namespace === namespace &&
        !isFields(other.spec?.workloadSelector) &&
        exportKey(other) === exportKey(subject) &&
        compareByAge(other, subject) < 0,
    )
    .sort(compareByAge);
}

function hasPolicy(object: KubeObject): boolean {
  const { trafficPolicy } = readDestinationRule(object);
  return trafficPolicy !== undefined && Object.keys(trafficPolicy).length > 0;
}

function exportKey(object: KubeObject): string {
  return [...new Set(readDestinationRule(object).exportTo)].sort().join();
}
