import {
  readDestinationRule,
  SubsetView,
} from '../../resources/destinationRule';
import {
  hostSpecificity,
  isExportedTo,
  resolveHost,
} from '../../resources/host';
import { compareByAge } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { destinationRules } from './routingIndex';

/** A subset and the object that defines it. */
export interface ResolvedSubset extends SubsetView {
  object: KubeObject;
}

/** The DestinationRules in force for a host, as one client namespace sees them. */
export interface ResolvedDestinationRule {
  /** Oldest first; the first one's trafficPolicy counts, subsets are put together. */
  objects: KubeObject[];
  subsets: ResolvedSubset[];
}

/**
 * Client namespace (not when that is the root namespace), then the Service's, then the root namespace; the
 * first with a rule for the host decides, and within it the most specific host. Rules for some client
 * workloads only (workloadSelector) are left out: they do not speak for all callers.
 *
 * Source: istio/istio pilot/pkg/model PushContext.destinationRule (1.31).
 */
export function resolveDestinationRule(options: {
  snapshot: MeshSnapshot;
  /** Fully qualified. */
  host: string;
  serviceNamespace?: string;
  clientNamespace: string;
}): ResolvedDestinationRule | undefined {
  const { snapshot, host, serviceNamespace, clientNamespace } = options;
  const { rootNamespace } = snapshot;
  const index = destinationRules(snapshot);
  const candidates = [
    ...index.exact(host),
    ...index.wildcards
      .filter(({ pattern }) => hostSpecificity(pattern, host) !== undefined)
      .map(({ object }) => object),
  ].filter(object => !readDestinationRule(object).workloadSelector);
  const steps = new Set([
    ...(clientNamespace === rootNamespace ? [] : [clientNamespace]),
    ...(serviceNamespace === undefined ? [] : [serviceNamespace]),
    rootNamespace,
  ]);
  for (const namespace of steps) {
    const visible = candidates.filter(
      object =>
        object.metadata.namespace === namespace &&
        isExportedTo(readDestinationRule(object).exportTo, {
          from: namespace,
          to: clientNamespace,
        }),
    );
    if (visible.length > 0) {
      return mergeMostSpecific(snapshot, host, visible);
    }
  }
  return undefined;
}

function mergeMostSpecific(
  snapshot: MeshSnapshot,
  host: string,
  visible: readonly KubeObject[],
): ResolvedDestinationRule {
  const specificity = (object: KubeObject) =>
    hostSpecificity(
      resolveHost(readDestinationRule(object).host, {
        namespace: object.metadata.namespace ?? '',
        domain: snapshot.domain,
      }),
      host,
    ) ?? -1;
  const best = Math.max(...visible.map(specificity));
  const objects = visible
    .filter(object => specificity(object) === best)
    .sort(compareByAge);
  const subsets = new Map<string, ResolvedSubset>();
  for (const object of objects) {
    for (const subset of readDestinationRule(object).subsets) {
      if (!subsets.has(subset.name)) {
        subsets.set(subset.name, { ...subset, object });
      }
    }
  }
  return { objects, subsets: [...subsets.values()] };
}
