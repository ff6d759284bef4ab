import { InputError, NotAllowedError } from '@backstage/errors';
import type {
  Intent,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import { joinWords } from './changeWords';
import type { Component } from './ComponentLookup';

/**
 * Whether the intent stays inside the component: clusters that are configured, a Service of the
 * component's own. The permission was asked for the component, so nothing else may be a target.
 */
export function checkService(options: {
  intent: Intent;
  component: Component;
  configured: string[];
}): void {
  const { intent, component, configured } = options;
  const { clusters, namespace, service } = intent.params;
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
    const own = component.match.services.some(
      each =>
        each.cluster === cluster &&
        each.namespace === namespace &&
        each.name === service,
    );
    if (!own) {
      throw new NotAllowedError(
        `Service ${namespace}/${service} in ${cluster} does not belong to ${component.entityRef}`,
      );
    }
  });
}

/** Whether the named route is one of those that take requests to the component. */
export function checkRoute(options: {
  intent: Intent;
  component: Component;
  split: TrafficSplit;
}): void {
  const { intent, component, split } = options;
  const { route, clusters } = intent.params;
  if (!route) {
    return;
  }
  for (const cluster of clusters) {
    const found = split.routes.some(
      ({ object, fieldPath, clusters: where }) =>
        object?.kind === route.kind &&
        object.namespace === route.namespace &&
        object.name === route.name &&
        fieldPath === route.fieldPath &&
        where.includes(cluster),
    );
    if (!found) {
      throw new NotAllowedError(
        `${route.fieldPath} of ${route.kind} ${route.namespace}/${route.name} in ${cluster} is not a route of ${component.entityRef}`,
      );
    }
  }
}
