import { readDestinationRule } from '../resources/destinationRule';
import { hostSpecificity, resolveHost } from '../resources/host';
import { readPod } from '../resources/pod';
import { isEmptySelector } from '../resources/selector';
import { readService } from '../resources/service';
import type { KubeObject } from '../resources/types';
import type { MeshSnapshot } from '../snapshot/types';

/** What a route sends requests to: a Service, or one subset of it. */
export interface RouteTarget {
  service: { namespace: string; name: string };
  /** Fully qualified. */
  host: string;
  subset?: string;
}

/** Labels of a subset, from whichever DestinationRule of the host defines it. */
export function findSubsetLabels(
  snapshot: MeshSnapshot,
  host: string,
  subset: string,
): Record<string, string> | undefined {
  for (const rule of snapshot.list('DestinationRule')) {
    const view = readDestinationRule(rule);
    const resolved = resolveHost(view.host, {
      namespace: rule.metadata.namespace ?? '',
      domain: snapshot.domain,
    });
    const found =
      hostSpecificity(resolved, host) !== undefined &&
      view.subsets.find(each => each.name === subset);
    if (found) {
      return found.labels;
    }
  }
  return undefined;
}

/** Labels all pods behind the target carry; undefined when it selects none by labels. */
export function findTargetLabels(
  snapshot: MeshSnapshot,
  target: RouteTarget,
): Record<string, string> | undefined {
  const { namespace, name } = target.service;
  const service = snapshot.get('Service', namespace, name);
  const selector = service ? readService(service).selector : {};
  const labels =
    target.subset === undefined
      ? {}
      : findSubsetLabels(snapshot, target.host, target.subset);
  return isEmptySelector(selector) || !labels
    ? undefined
    : { ...selector, ...labels };
}

/**
 * Pods that would answer, ended ones left out. Undefined where that cannot be told: pods are not
 * current, or the Service does not select by labels.
 */
export function findPodsBehind(
  snapshot: MeshSnapshot,
  target: RouteTarget,
): readonly KubeObject[] | undefined {
  const labels = findTargetLabels(snapshot, target);
  return labels && snapshot.freshness.Pod.state === 'synced'
    ? snapshot
        .podsMatching(target.service.namespace, labels)
        .filter(pod => !readPod(pod).gone)
    : undefined;
}
