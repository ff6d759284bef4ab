import {
  fieldsListOf,
  fieldsOf,
  labelsOf,
  textOf,
} from '../../resources/fields';
import { isIpAddress } from '../../resources/host';
import {
  isEmptySelector,
  Labels,
  matchesLabels,
} from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { isKnown } from '../../snapshot/readiness';
import { MeshSnapshot } from '../../snapshot/types';
import { ProxyView } from './proxyView';
import { MeshPort, MeshService } from './serviceModel';

/** A host resolved by DNS is itself the endpoint where none is listed, and has no labels. */
export function hasNoDnsEndpoint(
  service: MeshService,
  subset: Labels,
): boolean {
  return (
    service.resolution === 'dns' &&
    service.selector === undefined &&
    !isEmptySelector(subset) &&
    listedEndpoints(service.object, subset).length === 0
  );
}

/**
 * Whether nothing stands behind a port of a service. All that have the service's host and namespace give
 * their endpoints together, each for its own ports by name. Only what can be known counts: selectors over
 * pods that were read, and endpoints a ServiceEntry lists.
 *
 * Source: istio/istio pilot/pkg/xds/endpoints EndpointBuilder.BuildClusterLoadAssignment, and
 * pilot/pkg/serviceregistry/serviceentry mergeServicesInstancesByNamespaceHost (1.31).
 */
export function hasNoEndpoints(
  { snapshot, registry }: ProxyView,
  wanted: { service: MeshService; port: MeshPort; subset: Labels },
): boolean {
  const { service, port, subset } = wanted;
  if (service.registry === 'external' && service.resolution !== 'static') {
    return false;
  }
  return (registry.allByHost.get(service.host) ?? [])
    .filter(
      ({ namespace, ports }) =>
        namespace === service.namespace &&
        ports.some(({ name }) => name === port.name),
    )
    .every(source =>
      source.registry === 'kubernetes'
        ? selectsNothing(snapshot, source, subset)
        : listsNothing(source, subset),
    );
}

function listsNothing(entry: MeshService, subset: Labels): boolean {
  return (
    entry.selector === undefined &&
    // A name is no endpoint of a cluster whose endpoints istiod sends.
    !listedEndpoints(entry.object, subset).some(endpoint => {
      const address = textOf(endpoint.address) ?? '';
      return (
        address === '' || address.startsWith('unix://') || isIpAddress(address)
      );
    })
  );
}

function listedEndpoints(
  entry: KubeObject,
  subset: Labels,
): readonly Readonly<Record<string, unknown>>[] {
  return fieldsListOf(fieldsOf(entry.spec).endpoints).filter(endpoint =>
    matchesLabels(subset, labelsOf(endpoint.labels)),
  );
}

function selectsNothing(
  snapshot: MeshSnapshot,
  { selector, namespace, declaredExportTo }: MeshService,
  subset: Labels,
): boolean {
  // Istio follows no endpoints of a Service that is exported to nobody.
  if (declaredExportTo.split(',').includes('~')) {
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
