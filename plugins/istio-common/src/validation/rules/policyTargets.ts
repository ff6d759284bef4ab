import { type Field, quote } from '../Field';
import { checkWorkloadSelector } from './workloadSelector';

const TARGETS = [
  ['', 'Service'],
  ['core', 'Service'],
  ['networking.istio.io', 'ServiceEntry'],
  ['gateway.networking.k8s.io', 'Gateway'],
  ['gateway.networking.k8s.io', 'GatewayClass'],
];

/**
 * Which workloads a policy is for: by labels or by what it is attached to, never both.
 *
 * Source: validateOneOfSelectorType, validateWorkloadSelector, validatePolicyTargetReference.
 */
export function checkPolicyTargets(spec: Field): void {
  const selector = spec.at('selector');
  const refs = spec.at('targetRefs');
  const set = [
    selector.isSet,
    spec.at('targetRef').isSet,
    refs.items().length > 0,
  ].filter(Boolean);
  if (set.length > 1) {
    spec.error('must have only one of selector, targetRef and targetRefs');
  }
  checkWorkloadSelector(selector);
  for (const ref of [spec.at('targetRef'), ...refs.items()]) {
    if (ref.isSet) {
      checkTarget(ref);
    }
  }
}

function checkTarget(ref: Field): void {
  if (ref.at('name').text() === '') {
    ref.at('name').error('is required');
  }
  if (ref.at('namespace').text() !== '') {
    ref
      .at('namespace')
      .error('must not be set; only the own namespace can be meant');
  }
  const group = ref.at('group').text();
  const kind = ref.at('kind').text();
  if (!TARGETS.some(each => each[0] === group && each[1] === kind)) {
    ref.error(
      `must be a Service, ServiceEntry, Gateway or GatewayClass with its group, it is ${quote(
        `${group}/${kind}`,
      )}`,
    );
  }
}
