import { isDeepStrictEqual } from 'node:util';
import type {
  KindName,
  KubeObject,
} from '@istio-backstage/plugin-istio-common';

/** Namespaces whose components may look different now. */
export interface Touched {
  all: boolean;
  namespaces: Set<string>;
}

export function touchedByAll(): Touched {
  return { all: true, namespaces: new Set() };
}

/** Kinds whose objects in the root namespace hold for the whole mesh. */
const MESH_WIDE: ReadonlySet<KindName> = new Set<KindName>([
  'PeerAuthentication',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'DestinationRule',
  'Sidecar',
]);

const ROUTES: ReadonlySet<KindName> = new Set<KindName>([
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'ServiceEntry',
]);

/**
 * Adds the namespaces a change concerns: the object's own, and for routing objects those of the hosts and
 * backends they name. An update that changes nothing the product reads concerns nobody.
 */
export function namespacesTouched(
  change: {
    kind: KindName;
    object?: KubeObject;
    before?: KubeObject;
    rootNamespace: string;
  },
  touched: Touched,
): void {
  const { kind, object, before, rootNamespace } = change;
  // A change's plan rests on the resourceVersion of routing objects: for them every version counts.
  if (
    object &&
    before &&
    !ROUTES.has(kind) &&
    isSameForReaders(object, before)
  ) {
    return;
  }
  for (const version of [object, before]) {
    if (version)
      addNamespaces({ kind, object: version, rootNamespace }, touched);
  }
}

function addNamespaces(
  options: { kind: KindName; object: KubeObject; rootNamespace: string },
  touched: Touched,
): void {
  const { kind, object, rootNamespace } = options;
  const namespace =
    kind === 'Namespace' ? object.metadata.name : object.metadata.namespace;
  const isMeshWide =
    (namespace === rootNamespace && MESH_WIDE.has(kind)) ||
    // A waypoint serves whichever namespaces point at it.
    kind === 'KubernetesGateway';
  if (isMeshWide) {
    touched.all = true;
    return;
  }
  if (namespace) touched.namespaces.add(namespace);
  if (ROUTES.has(kind)) {
    addHostNamespaces(object.spec, touched.namespaces);
  }
}

/** Reads `host`, `hosts` and backend `namespace` fields wherever they stand in a routing object's spec. */
function addHostNamespaces(value: unknown, namespaces: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) addHostNamespaces(item, namespaces);
    return;
  }
  if (!value || typeof value !== 'object') return;
  for (const [field, inner] of Object.entries(value)) {
    if (field === 'host' || field === 'hosts') {
      for (const host of [inner].flat()) addHost(host, namespaces);
    } else if (field === 'namespace' && typeof inner === 'string') {
      namespaces.add(inner);
    } else {
      addHostNamespaces(inner, namespaces);
    }
  }
}

function addHost(host: unknown, namespaces: Set<string>): void {
  if (typeof host !== 'string') return;
  // `name.namespace.svc.<domain>`; the Gateway form `namespace/host` is covered by the host part.
  const [, namespace, svc] = host.split('/').pop()!.split('.');
  if (namespace && svc === 'svc') namespaces.add(namespace);
}

function isSameForReaders(a: KubeObject, b: KubeObject): boolean {
  return isDeepStrictEqual(withoutVersion(a), withoutVersion(b));
}

function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion, managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
