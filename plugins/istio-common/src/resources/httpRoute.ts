import {
  Fields,
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { KubeObject } from './types';

/** What a route is attached to. */
export interface ParentRef {
  kind: 'Service' | 'Gateway' | 'ServiceEntry' | 'other';
  namespace: string;
  name: string;
  port?: number;
  sectionName?: string;
}

/** One backend of a rule. */
export interface BackendRef {
  namespace: string;
  name: string;
  port?: number;
  /** As written; Gateway API reads an omitted weight as 1. */
  weight?: number;
  /** Kind of the backend; only Services are followed further. */
  kind: string;
  fields: Fields;
}

/** One rule of a route of the Gateway API. */
export interface GatewayApiRule {
  index: number;
  /** `rules[0]` */
  fieldPath: string;
  name?: string;
  matches: readonly Fields[];
  backends: readonly BackendRef[];
  filters: readonly Fields[];
  fields: Fields;
}

/** The routing fields of a route of the Gateway API. */
export interface GatewayApiRouteView {
  protocol: 'http' | 'grpc' | 'tcp' | 'tls';
  hostnames: string[];
  parents: readonly ParentRef[];
  rules: readonly GatewayApiRule[];
}

const PROTOCOLS: Partial<Record<string, GatewayApiRouteView['protocol']>> = {
  GRPCRoute: 'grpc',
  TCPRoute: 'tcp',
  TLSRoute: 'tls',
};

/** The routing fields of an HTTPRoute, GRPCRoute, TCPRoute or TLSRoute. */
export const readGatewayApiRoute = memoizeByIdentity(
  (object: KubeObject): GatewayApiRouteView => {
    const spec = fieldsOf(object.spec);
    const namespace = object.metadata.namespace ?? '';
    return {
      protocol: PROTOCOLS[object.kind] ?? 'http',
      hostnames: textsOf(spec.hostnames),
      parents: fieldsListOf(spec.parentRefs).map(parent =>
        readParent(parent, namespace),
      ),
      rules: fieldsListOf(spec.rules).map((fields, index) =>
        readRule(fields, index, namespace),
      ),
    };
  },
);

function readParent(fields: Fields, routeNamespace: string): ParentRef {
  const parent: ParentRef = {
    kind: parentKind(fields),
    namespace: textOf(fields.namespace) ?? routeNamespace,
    name: textOf(fields.name) ?? '',
  };
  const port = numberOf(fields.port);
  if (port !== undefined) {
    parent.port = port;
  }
  const sectionName = textOf(fields.sectionName);
  if (sectionName !== undefined) {
    parent.sectionName = sectionName;
  }
  return parent;
}

/** An omitted group is Gateway API's own, an omitted kind a Gateway; the group of a Service is empty. */
function parentKind(fields: Fields): ParentRef['kind'] {
  const kind = textOf(fields.kind) ?? 'Gateway';
  const group =
    typeof fields.group === 'string'
      ? fields.group
      : 'gateway.networking.k8s.io';
  if (kind === 'Service' && group === '') {
    return 'Service';
  }
  if (kind === 'Gateway' && group === 'gateway.networking.k8s.io') {
    return 'Gateway';
  }
  return kind === 'ServiceEntry' && group === 'networking.istio.io'
    ? 'ServiceEntry'
    : 'other';
}

function readRule(
  fields: Fields,
  index: number,
  namespace: string,
): GatewayApiRule {
  const rule: GatewayApiRule = {
    index,
    fieldPath: `rules[${index}]`,
    matches: fieldsListOf(fields.matches),
    backends: fieldsListOf(fields.backendRefs).map(backend =>
      readBackend(backend, namespace),
    ),
    filters: fieldsListOf(fields.filters),
    fields,
  };
  const name = textOf(fields.name);
  return name ? { ...rule, name } : rule;
}

function readBackend(fields: Fields, routeNamespace: string): BackendRef {
  const backend: BackendRef = {
    namespace: textOf(fields.namespace) ?? routeNamespace,
    name: textOf(fields.name) ?? '',
    kind: textOf(fields.kind) ?? 'Service',
    fields,
  };
  const port = numberOf(fields.port);
  if (port !== undefined) {
    backend.port = port;
  }
  const weight = numberOf(fields.weight);
  if (weight !== undefined) {
    backend.weight = weight;
  }
  return backend;
}
