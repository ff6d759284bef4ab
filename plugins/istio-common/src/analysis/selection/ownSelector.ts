import { fieldsOf, labelsOf } from '../../resources/fields';
import { isEmptySelector, type Labels } from '../../resources/selector';
import type { KubeObject } from '../../resources/types';

/** The labels an object asks of the workloads it is for, and where they are written. */
export interface OwnSelector {
  labels: Labels;
  path: string;
}

/** Istio has two spellings; undefined where the object is for every workload it reaches. */
export function readOwnSelector(object: KubeObject): OwnSelector | undefined {
  const { selector, workloadSelector } = fieldsOf(object.spec);
  const older = labelsOf(fieldsOf(workloadSelector).labels);
  if (!isEmptySelector(older)) {
    return { labels: older, path: 'spec.workloadSelector.labels' };
  }
  const labels = labelsOf(fieldsOf(selector).matchLabels);
  return isEmptySelector(labels)
    ? undefined
    : { labels, path: 'spec.selector.matchLabels' };
}
