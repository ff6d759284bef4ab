import { InputError, NotAllowedError } from '@backstage/errors';
import {
  bindIntent,
  concernsComponent,
  describeObject,
  kindNameOf,
  resolveTrafficSplit,
  type Intent,
  type IntentTarget,
  type MeshSnapshot,
  type TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import { joinWords } from './changeWords';
import type { Component } from './ComponentLookup';

/** Where a target is looked for. */
interface Place {
  cluster: string;
  component: Component;
  /** Routes of the component; computed when asked for. */
  split: () => TrafficSplit;
  snapshots: () => MeshSnapshot[];
}

type CheckOf<TKind extends IntentTarget['kind']> = (
  target: Extract<IntentTarget, { kind: TKind }>,
  place: Place,
) => string | undefined;

/** Why something is not the component's, per kind of target. */
const CHECKS: { [TKind in IntentTarget['kind']]: CheckOf<TKind> } = {
  service: ({ namespace, name }, { cluster, component }) =>
    component.match.services.some(
      each =>
        each.cluster === cluster &&
        each.namespace === namespace &&
        each.name === name,
    )
      ? undefined
      : `Service ${namespace}/${name} in ${cluster} does not belong to ${component.entityRef}`,
  object: ({ object }, { cluster, component, snapshots }) =>
    isOwn(object, { cluster, component, snapshots })
      ? undefined
      : `${describeObject({
          cluster,
          ...object,
        })} in ${cluster} does not belong to ${component.entityRef}`,
  route: ({ route }, { cluster, component, split }) =>
    split().routes.some(
      ({ object, fieldPath, clusters }) =>
        object?.kind === route.kind &&
        object.namespace === route.namespace &&
        object.name === route.name &&
        fieldPath === route.fieldPath &&
        clusters.includes(cluster),
    )
      ? undefined
      : `${route.fieldPath} of ${route.kind} ${route.namespace}/${route.name} in ${cluster} is not a route of ${component.entityRef}`,
};

/**
 * Whether the intent stays inside the component: clusters that are configured, and nothing but the
 * component's own as target. The permission was asked for the component.
 */
export function checkTargets(options: {
  intent: Intent;
  component: Component;
  configured: string[];
  snapshots: () => MeshSnapshot[];
}): void {
  const { intent, component, configured, snapshots } = options;
  const { clusters } = intent.params;
  checkClusters(clusters, configured);
  let known: TrafficSplit | undefined;
  const split = () => {
    known ??= resolveTrafficSplit({
      match: component.match,
      snapshots: snapshots(),
      observations: [],
    });
    return known;
  };
  for (const target of bindIntent(intent).targets) {
    for (const cluster of clusters) {
      const problem = check(target, {
        cluster,
        component,
        split,
        snapshots,
      });
      if (problem) {
        throw new NotAllowedError(problem);
      }
    }
  }
}

function check<TKind extends IntentTarget['kind']>(
  target: Extract<IntentTarget, { kind: TKind }>,
  place: Place,
): string | undefined {
  return CHECKS[target.kind as TKind](target, place);
}

/**
 * Whether the object is the component's to change: about it, and in a namespace where it runs. What only reaches the
 * component from elsewhere, a policy of the root namespace say, concerns it and is not its own.
 */
function isOwn(
  object: Extract<IntentTarget, { kind: 'object' }>['object'],
  place: Pick<Place, 'cluster' | 'component' | 'snapshots'>,
): boolean {
  const { cluster, component } = place;
  const { match } = component;
  const snapshot = place.snapshots().find(one => one.cluster === cluster);
  const kind = kindNameOf(object);
  const found = kind && snapshot?.get(kind, object.namespace, object.name);
  return (
    found !== undefined &&
    snapshot !== undefined &&
    [...match.services, ...match.workloads].some(
      one => one.cluster === cluster && one.namespace === object.namespace,
    ) &&
    concernsComponent(found, { match, snapshot })
  );
}

function checkClusters(clusters: string[], configured: string[]): void {
  clusters.forEach((cluster, index) => {
    const field = `intent.params.clusters[${index}]`;
    if (!configured.includes(cluster)) {
      throw new InputError(
        `${field}: ${cluster} is not a configured cluster; allowed: ${joinWords(
          configured,
        )}`,
      );
    }
    if (clusters.indexOf(cluster) !== index) {
      throw new InputError(`${field}: names ${cluster} twice`);
    }
  });
}
