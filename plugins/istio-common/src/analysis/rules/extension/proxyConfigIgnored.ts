import { fieldsOf, isFields } from '../../../resources/fields';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { findOverlap } from '../../selection/findOverlap';
import { readOwnSelector } from '../../selection/ownSelector';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model/proxy_config.go mergedNamespaceConfig, mergedWorkloadConfig (1.31). */
export const proxyConfigIgnored: Rule = {
  code: 'ISB1015',
  name: 'proxy-config-ignored',
  title: 'A ProxyConfig is ignored because an older one applies',
  severity: 'warning',
  explanation:
    'For a namespace, and for a workload, Istio takes the oldest ProxyConfig that fits and no other. What this one sets is not in force there.',
  remedy:
    'Put the settings into one ProxyConfig, or make the selectors exclude each other.',
  equivalents: ['KIA0002', 'KIA0003'],
  subjects: ['ProxyConfig'],
  inputs: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { namespace = '' } = subject.metadata;
    const own = readOwnSelector(subject);
    const older = snapshot
      .inNamespace('ProxyConfig', namespace)
      .filter(other => compareByAge(other, subject) < 0)
      .sort(compareByAge);
    if (!own) {
      const first = isDefault(subject) ? older.find(isDefault) : undefined;
      return first
        ? [
            {
              message: `Ignored: ${namespacedName(
                first.metadata,
              )} is older and has no selector either.`,
              path: 'spec.selector',
            },
          ]
        : [];
    }
    for (const other of older) {
      const selector = readOwnSelector(other);
      const shared =
        selector &&
        findOverlap(snapshot, namespace, [own.labels, selector.labels]);
      if (shared) {
        return [
          {
            message: `Ignored for ${shared}: ${namespacedName(
              other.metadata,
            )} selects it too and is older.`,
            path: own.path,
          },
        ];
      }
    }
    return [];
  },
};

/** An empty selector, other than none, is for nobody. */
function isDefault(object: KubeObject): boolean {
  return !isFields(fieldsOf(object.spec).selector);
}
