import { fieldsOf, isFields, listOf } from '../../../resources/fields';
import type { KubeObject } from '../../../resources/types';
import { listPolicies, type PolicyBlock } from '../../facts/policies';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/loadbalancer LocalityLBSettings.ApplyToCluster. */
export const failoverWithoutDetection: Rule = {
  code: 'ISB0212',
  name: 'destination-rule-failover-without-detection',
  title: 'Locality failover is set without outlier detection',
  severity: 'warning',
  explanation:
    'Requests move to another place only when endpoints are found to be unhealthy, and only outlier detection finds that. Without it Istio sets no failover priorities at all, and requests go to endpoints everywhere.',
  remedy: 'Add outlierDetection to the same traffic policy.',
  equivalents: [],
  subjects: ['DestinationRule'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const everywhere = isFields(
      fieldsOf(fieldsOf(snapshot.meshConfig).defaultTrafficPolicy)
        .outlierDetection,
    );
    if (everywhere) return [];
    return listPolicies(subject).flatMap(block => {
      const setting = fieldsOf(
        fieldsOf(block.fields.loadBalancer).localityLbSetting,
      );
      const field = (['failover', 'failoverPriority'] as const).find(
        name => listOf(setting[name]).length > 0,
      );
      const off =
        field === undefined ||
        setting.enabled === false ||
        listOf(setting.distribute).length > 0;
      return off || detects(subject, block)
        ? []
        : [
            {
              message: `${field} has no effect: without outlierDetection no endpoint counts as unhealthy.`,
              path: `${block.path}.loadBalancer.localityLbSetting.${field}`,
            },
          ];
    });
  },
};

/** A subset gets what the rule sets; a port's block stands alone. */
function detects(subject: KubeObject, block: PolicyBlock): boolean {
  const rule = fieldsOf(fieldsOf(subject.spec).trafficPolicy);
  return (
    isFields(block.fields.outlierDetection) ||
    (block.port === undefined &&
      block.subset !== undefined &&
      isFields(rule.outlierDetection))
  );
}
