import { readPod } from '../../../resources/pod';
import {
  resolveAmbientWish,
  resolveInjection,
} from '../../../resources/namespace';
import type { MeshSnapshot } from '../../../snapshot/types';
import { readOwnSelector } from '../../selection/ownSelector';
import type { Rule } from '../../types';

/** Source: istio/istio analyzers/sidecar/selector.go; ztunnel reads no Sidecar. */
export const sidecarIgnoredInAmbient: Rule = {
  code: 'ISB0707',
  name: 'sidecar-ignored-in-ambient-mode',
  title: 'A Sidecar is for workloads in ambient mode',
  severity: 'warning',
  explanation:
    'A Sidecar configures sidecar proxies. Workloads in ambient mode have none, and neither ztunnel nor a waypoint reads it: hosts it hides stay reachable, its outbound policy is not enforced.',
  remedy: 'Remove it, and say with AuthorizationPolicies who may call whom.',
  equivalents: ['IST0167'],
  subjects: ['Sidecar'],
  inputs: ['Pod', 'Namespace'],
  reach: 'namespace',
  reachOf: { Sidecar: 'object' },
  check(subject, { snapshot }) {
    const { namespace = '' } = subject.metadata;
    const selector = readOwnSelector(subject);
    const message = selector
      ? describeSelected(snapshot.podsMatching(namespace, selector.labels))
      : describeNamespace(snapshot, namespace);
    return message
      ? [{ message, path: selector?.path ?? 'spec.workloadSelector' }]
      : [];
  },
};

function describeSelected(
  pods: ReturnType<MeshSnapshot['podsMatching']>,
): string | undefined {
  const live = pods.filter(pod => !readPod(pod).gone);
  const ambient = live.filter(pod => readPod(pod).proxy === 'ambient');
  return ambient.length > 0
    ? `It has no effect on ${ambient.length} of the ${live.length} pods it selects: they are in ambient mode.`
    : undefined;
}

/** A label for sidecars on the namespace outweighs the one for ambient mode. */
function describeNamespace(
  snapshot: MeshSnapshot,
  name: string,
): string | undefined {
  const namespace = snapshot.get('Namespace', undefined, name);
  return resolveAmbientWish(namespace, {}).wanted &&
    !resolveInjection(namespace, {}).wanted
    ? `It has no effect: namespace ${name} is in ambient mode.`
    : undefined;
}
