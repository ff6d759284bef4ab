import { timeOf } from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { MESH_GATEWAY } from '../../resources/virtualService';
import { ParentContext } from './attachedParents';
import { BackendContext } from './gatewayApiBackends';
import { RouteTable } from './routeTable';
import { readVisibility } from './visibility';

/** What tables are made with. */
export interface TableContext extends ParentContext {
  grants: readonly KubeObject[];
  exportTo: readonly string[];
}

/** Settings of backends for the mesh, where references need no grant, or for gateways. */
export function backendContext(
  context: TableContext,
  needsGrant: boolean,
): BackendContext {
  const { domain, grants, services } = context;
  return { domain, grants, services, needsGrant };
}

/** Epoch milliseconds; an object that does not exist yet is the newest. */
export function createdOf(object: KubeObject): number {
  return timeOf(object.metadata.creationTimestamp) ?? Number.MAX_SAFE_INTEGER;
}

/** A table of Gateway API rules with what all of them share. */
export function emptyTable(
  object: KubeObject,
  options: {
    name: string;
    host: string;
    gateway: string;
    objects?: readonly KubeObject[];
    exportTo: readonly string[];
  } & Partial<Pick<RouteTable, 'http' | 'tls' | 'tcp'>>,
): RouteTable {
  const { name, host, gateway, objects = [object], exportTo } = options;
  const { namespace = '' } = object.metadata;
  return {
    object,
    objects,
    name,
    namespace,
    created: createdOf(object),
    hosts: [host],
    gateways: [gateway || MESH_GATEWAY],
    visibility: readVisibility({ exportTo: [], fallback: exportTo, namespace }),
    gatewayApi: true,
    tlsRoute: object.kind === 'TLSRoute',
    http: options.http ?? [],
    tls: options.tls ?? [],
    tcp: options.tcp ?? [],
    dropped: [],
  };
}
