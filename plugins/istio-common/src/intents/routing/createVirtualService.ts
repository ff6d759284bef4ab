import {
  hostSpecificity,
  isExportedTo,
  resolveHost,
  serviceHost,
} from '../../resources/host';
import type { Fields } from '../../resources/fields';
import { readGatewayApiRoute } from '../../resources/httpRoute';
import { apiVersionOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import { isEmptySelector } from '../../resources/selector';
import { readService } from '../../resources/service';
import type { KubeObject } from '../../resources/types';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../resources/virtualService';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileProblem } from '../types';
import { MANAGED_BY } from './managedBy';

/** A Service of the mesh. */
export interface ServiceName {
  namespace: string;
  name: string;
}

/** Protocols whose requests an HTTP route of a VirtualService takes; `auto` is sniffed. */
const HTTP_PROTOCOLS = ['http', 'http2', 'grpc', 'grpc-web', 'auto'];

/** The first VirtualService of a Service, of its name. */
export function buildVirtualService(options: {
  service: ServiceName;
  host: string;
  http: Fields[];
}): KubeObject {
  const { service, host, http } = options;
  return {
    apiVersion: apiVersionOf('VirtualService'),
    kind: 'VirtualService',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels: { ...MANAGED_BY },
    },
    spec: { hosts: [host], http },
  };
}

/** Why no VirtualService can be made for a Service: it has no HTTP, or its requests are routed already. */
export function checkCreatable(
  snapshot: MeshSnapshot,
  service: ServiceName,
): CompileProblem | undefined {
  return checkService(snapshot, service) ?? checkUnrouted(snapshot, service);
}

function checkService(
  snapshot: MeshSnapshot,
  service: ServiceName,
): CompileProblem | undefined {
  const object = snapshot.get('Service', service.namespace, service.name);
  const where = `${snapshot.cluster}: Service ${service.namespace}/${service.name}`;
  if (!object) {
    return { field: 'service', message: `${where} does not exist` };
  }
  const { externalName, selector, ports } = readService(object);
  if (externalName !== undefined || isEmptySelector(selector)) {
    return {
      field: 'service',
      message: `${where} selects no pods, so no requests can be routed to it`,
    };
  }
  return ports.some(({ protocol }) => HTTP_PROTOCOLS.includes(protocol))
    ? undefined
    : {
        field: 'service',
        message: `${where} has no HTTP port (${ports
          .map(({ port, protocol }) => `${port} is ${protocol}`)
          .join(', ')}); this form routes HTTP requests`,
      };
}
/** A second VirtualService for a host is not merged with the first, one of the two would be ignored. */
function checkUnrouted(
  snapshot: MeshSnapshot,
  service: { namespace: string; name: string },
): CompileProblem | undefined {
  const host = serviceHost(service, snapshot.domain);
  const present =
    snapshot
      .list('VirtualService')
      .find(object => routesInMesh({ object, snapshot, service, host })) ??
    (['HTTPRoute', 'GRPCRoute'] as const)
      .flatMap(kind => snapshot.list(kind))
      .find(object => hangsOnService(object, service));
  if (present) {
    return {
      field: 'route',
      message: `${snapshot.cluster}: ${describeObject(
        present,
      )} routes ${host} already; name one of its rules as route`,
    };
  }
  const taken = snapshot.get('VirtualService', service.namespace, service.name);
  return (
    taken && {
      field: 'service',
      message: `${snapshot.cluster}: ${describeObject(
        taken,
      )} has the name the new VirtualService needs, and routes other hosts`,
    }
  );
}

function routesInMesh(options: {
  object: KubeObject;
  snapshot: MeshSnapshot;
  service: { namespace: string };
  host: string;
}): boolean {
  const { object, snapshot, service, host } = options;
  const { hosts, gateways, exportTo } = readVirtualService(object);
  const namespace = object.metadata.namespace ?? '';
  return (
    gateways.includes(MESH_GATEWAY) &&
    isExportedTo(exportTo, { from: namespace, to: service.namespace }) &&
    hosts.some(
      each =>
        hostSpecificity(
          resolveHost(each, { namespace, domain: snapshot.domain }),
          host,
        ) !== undefined,
    )
  );
}

function hangsOnService(
  route: KubeObject,
  service: { namespace: string; name: string },
): boolean {
  return readGatewayApiRoute(route).parents.some(
    ({ kind, namespace, name }) =>
      kind === 'Service' &&
      namespace === service.namespace &&
      name === service.name,
  );
}
