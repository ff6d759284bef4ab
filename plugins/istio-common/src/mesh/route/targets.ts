import { fieldsListOf, fieldsOf, labelsOf } from '../../resources/fields';
import {
  isEmptySelector,
  Labels,
  matchesLabels,
} from '../../resources/selector';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { ConsolidatedRule, findDestinationRule } from './destinationRules';
import { ProxyView } from './proxyView';
import { Destination } from './routeTable';
import { scopeService } from './scopeServices';
import { isVisible, MeshService, portOf } from './serviceModel';
import { ResolvedTarget, TargetProblem } from './types';

/** Where a destination leads, as the proxy's cluster is named. */
export interface ClusterName {
  host: string;
  subset?: string;
  port: number;
}

/**
 * The cluster a destination names. Its port is the one written; else that of a service with a single
 * port; else the one the request came in on.
 *
 * Source: istio/istio pilot/pkg/networking/core/route GetDestinationCluster (1.31).
 */
export function clusterOf(
  destination: Pick<Destination, 'host' | 'subset' | 'port'>,
  service: MeshService | undefined,
  listenPort: number,
): ClusterName {
  const single =
    service?.ports.length === 1 ? service.ports[0].number : undefined;
  const name: ClusterName = {
    host: service?.aliasOf ?? destination.host,
    port: destination.port ?? single ?? listenPort,
  };
  return destination.subset === undefined
    ? name
    : { ...name, subset: destination.subset };
}

/** The service behind a gateway's destination: in the route's namespace where it is exported to the gateway, else any. */
export function gatewayService(
  view: ProxyView,
  host: string,
  routeNamespace: string,
): MeshService | undefined {
  const own = view.registry.allByHost
    .get(host)
    .filter(service => service.namespace === routeNamespace);
  const preferred =
    own.find(({ registry }) => registry === 'kubernetes') ?? own[0];
  return preferred && isVisible(preferred, view.namespace)
    ? preferred
    : scopeService(view, host);
}

/** A cluster as a part of an answer: with what is wrong with it, and the rule that defines its subset. */
export function describeTarget(
  view: ProxyView,
  cluster: ClusterName,
  percent: number,
): { target: ResolvedTarget; rule?: ConsolidatedRule } {
  const service = scopeService(view, cluster.host);
  const rule = service && destinationRuleFor(view, service);
  const problem = problemOf(view, { cluster, service, rule });
  const target: ResolvedTarget = {
    host: cluster.host,
    ...(cluster.subset === undefined ? {} : { subset: cluster.subset }),
    port: cluster.port,
    percent,
    ...(problem ? { problem } : {}),
  };
  return rule ? { target, rule } : { target };
}

/** The DestinationRule in force between a proxy and a service it knows. */
function destinationRuleFor(
  view: ProxyView,
  service: MeshService,
): ConsolidatedRule | undefined {
  return findDestinationRule({
    snapshot: view.snapshot,
    client: view,
    service,
  });
}

interface Situation {
  cluster: ClusterName;
  service?: MeshService;
  rule?: ConsolidatedRule;
}

function problemOf(
  view: ProxyView,
  { cluster, service, rule }: Situation,
): TargetProblem | undefined {
  const { host, subset, port } = cluster;
  if (host === '') {
    return {
      code: 'invalidBackend',
      text: 'The backend is of an unknown kind, or no ReferenceGrant permits it: its share fails with 500.',
    };
  }
  if (!service || service.resolution === 'alias') {
    return {
      code: 'unknownHost',
      text: `The proxy knows no service ${host}: its share fails with 503.`,
    };
  }
  const found = portOf(service, port);
  if (!found || found.protocol === 'udp') {
    return {
      code: 'unknownPort',
      text: `${host} has no port ${port}: its share fails with 503.`,
    };
  }
  const defined = rule?.subsets.find(({ name }) => name === subset);
  if (subset !== undefined && !defined) {
    return {
      code: 'unknownSubset',
      text: `No DestinationRule in force defines subset ${subset} of ${host}: its share fails with 503.`,
    };
  }
  if (defined && hasNoDnsEndpoint(service, defined.labels)) {
    return {
      code: 'unknownSubset',
      text: `No endpoint of ${host} has the labels of subset ${subset}, so Istio makes none: its share fails with 503.`,
    };
  }
  // A sidecar sends on to the pod that the caller dialled, whatever the subset.
  const dialled =
    view.kind === 'sidecar' && service.resolution === 'passthrough';
  return !dialled &&
    hasNoEndpoints(view.snapshot, service, defined?.labels ?? {})
    ? {
        code: 'noEndpoints',
        text: `${
          subset === undefined ? host : `Subset ${subset} of ${host}`
        } has no pods: its share fails with 503.`,
      }
    : undefined;
}

/** A host resolved by DNS is itself the endpoint where none is listed, and has no labels. */
function hasNoDnsEndpoint(service: MeshService, subset: Labels): boolean {
  const listed = fieldsListOf(fieldsOf(service.object.spec).endpoints);
  return (
    service.resolution === 'dns' &&
    service.selector === undefined &&
    !isEmptySelector(subset) &&
    !listed.some(endpoint => matchesLabels(subset, labelsOf(endpoint.labels)))
  );
}

/** Only what can be known: selectors over pods that were read, and endpoints a ServiceEntry lists. */
function hasNoEndpoints(
  snapshot: MeshSnapshot,
  service: MeshService,
  subset: Labels,
): boolean {
  const { selector, namespace, registry, object } = service;
  if (registry === 'external') {
    const spec = fieldsOf(object.spec);
    const listed = fieldsListOf(spec.endpoints);
    return (
      service.resolution === 'static' &&
      selector === undefined &&
      !listed.some(endpoint => matchesLabels(subset, labelsOf(endpoint.labels)))
    );
  }
  // Istio follows no endpoints of a Service that is exported to nobody.
  if (service.declaredExportTo.split(',').includes('~')) {
    return true;
  }
  if (!selector || isEmptySelector(selector) || !isKnown(snapshot, 'Pod')) {
    return false;
  }
  if (
    Object.keys(subset).some(
      key => key in selector && selector[key] !== subset[key],
    )
  ) {
    return true;
  }
  const wanted = { ...selector, ...subset };
  return (
    snapshot.podsMatching(namespace, wanted).length === 0 &&
    snapshot.workloadsMatching(namespace, wanted).length === 0
  );
}

/** Shares of weights in percent; entries of weight 0 are left out where there are several. */
export function sharesOf<T extends { weight: number }>(
  entries: readonly T[],
): { entry: T; percent: number }[] {
  if (entries.length === 1) {
    return [{ entry: entries[0], percent: 100 }];
  }
  const counted = entries.filter(({ weight }) => weight > 0);
  const sum = counted.reduce((total, { weight }) => total + weight, 0);
  return counted.map(entry => ({ entry, percent: (100 * entry.weight) / sum }));
}
