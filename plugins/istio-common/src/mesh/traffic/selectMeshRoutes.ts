import {
  hostSpecificity,
  isExportedTo,
  isPrivate,
  serviceOfHost,
} from '../../resources/host';
import { compareByAge } from '../../resources/objectKey';
import { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import { MeshSnapshot } from '../../snapshot/types';
import { gatewayApiRoutes, virtualServices } from './routingIndex';

/** The objects that route a host inside the mesh. */
export type MeshRoutes =
  | { by: 'virtualService'; object: KubeObject }
  | { by: 'gatewayApi'; objects: KubeObject[] };

/**
 * What routes a host for callers in one namespace. Gateway API routes of that namespace come first and are
 * put together; of VirtualServices one wins whole: the most specific host, then those private to the
 * namespace, those exported to it by name, public ones, and within each the oldest.
 *
 * Source: istio/istio pilot/pkg/model virtualServicesForGateway, pilot/pkg/networking/core
 * mostSpecificWildcardVsIndex (1.31).
 */
export function selectMeshRoutes(options: {
  snapshot: MeshSnapshot;
  /** Fully qualified. */
  host: string;
  clientNamespace: string;
}): MeshRoutes | undefined {
  const { snapshot, host, clientNamespace } = options;
  const service = serviceOfHost(host, snapshot.domain);
  const attached = service ? gatewayApiRoutes(snapshot, service).parents : [];
  const consumer = attached.filter(
    ({ metadata }) => metadata.namespace === clientNamespace,
  );
  if (consumer.length > 0) {
    return { by: 'gatewayApi', objects: [...consumer].sort(compareByAge) };
  }
  const producer = attached.filter(
    ({ metadata }) => metadata.namespace === service?.namespace,
  );
  const virtualService = selectVirtualService(options);
  if (producer.length === 0) {
    return virtualService && { by: 'virtualService', object: virtualService };
  }
  const objects = [...producer].sort(compareByAge);
  const vsFirst =
    virtualService &&
    (isPrivateTo(virtualService) ||
      compareByAge(virtualService, objects[0]) < 0);
  return vsFirst
    ? { by: 'virtualService', object: virtualService }
    : { by: 'gatewayApi', objects };
}

function isPrivateTo(object: KubeObject): boolean {
  return isPrivate(
    readVirtualService(object).exportTo,
    object.metadata.namespace ?? '',
  );
}

function selectVirtualService(options: {
  snapshot: MeshSnapshot;
  host: string;
  clientNamespace: string;
}): KubeObject | undefined {
  const { snapshot, host, clientNamespace } = options;
  const { hosts } = virtualServices(snapshot);
  const inMesh = (object: KubeObject) => {
    const { gateways, exportTo } = readVirtualService(object);
    const from = object.metadata.namespace ?? '';
    return (
      gateways.includes(MESH_GATEWAY) &&
      isExportedTo(exportTo, { from, to: clientNamespace })
    );
  };
  const exact = hosts.exact(host).filter(inMesh);
  if (exact.length > 0) {
    return firstOf(exact, clientNamespace);
  }
  const wildcards = hosts.wildcards
    .map(({ pattern, object }) => ({
      object,
      specificity: hostSpecificity(pattern, host) ?? -1,
    }))
    .filter(({ specificity, object }) => specificity >= 0 && inMesh(object));
  const best = Math.max(...wildcards.map(({ specificity }) => specificity));
  return firstOf(
    wildcards
      .filter(({ specificity }) => specificity === best)
      .map(({ object }) => object),
    clientNamespace,
  );
}

function firstOf(
  objects: readonly KubeObject[],
  clientNamespace: string,
): KubeObject | undefined {
  const rank = (object: KubeObject) => {
    const { exportTo } = readVirtualService(object);
    if (isPrivateTo(object)) {
      return 0;
    }
    return exportTo.includes(clientNamespace) && !exportTo.includes('*')
      ? 1
      : 2;
  };
  return [...objects].sort(
    (a, b) => rank(a) - rank(b) || compareByAge(a, b),
  )[0];
}
