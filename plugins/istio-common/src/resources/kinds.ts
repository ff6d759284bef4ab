/** The one table of kinds the product reads or writes. Author v1 objects, read the served version named here. */
export const KINDS = {
  Namespace: {
    group: '',
    version: 'v1',
    plural: 'namespaces',
    namespaced: false,
  },
  Service: { group: '', version: 'v1', plural: 'services', namespaced: true },
  Pod: { group: '', version: 'v1', plural: 'pods', namespaced: true },
  ServiceAccount: {
    group: '',
    version: 'v1',
    plural: 'serviceaccounts',
    namespaced: true,
  },
  Deployment: {
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    namespaced: true,
  },
  StatefulSet: {
    group: 'apps',
    version: 'v1',
    plural: 'statefulsets',
    namespaced: true,
  },
  DaemonSet: {
    group: 'apps',
    version: 'v1',
    plural: 'daemonsets',
    namespaced: true,
  },
  ReplicaSet: {
    group: 'apps',
    version: 'v1',
    plural: 'replicasets',
    namespaced: true,
  },
  VirtualService: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'virtualservices',
    namespaced: true,
  },
  DestinationRule: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'destinationrules',
    namespaced: true,
  },
  Gateway: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'gateways',
    namespaced: true,
  },
  ServiceEntry: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'serviceentries',
    namespaced: true,
  },
  Sidecar: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'sidecars',
    namespaced: true,
  },
  WorkloadEntry: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'workloadentries',
    namespaced: true,
  },
  WorkloadGroup: {
    group: 'networking.istio.io',
    version: 'v1',
    plural: 'workloadgroups',
    namespaced: true,
  },
  EnvoyFilter: {
    group: 'networking.istio.io',
    version: 'v1alpha3',
    plural: 'envoyfilters',
    namespaced: true,
  },
  ProxyConfig: {
    group: 'networking.istio.io',
    version: 'v1beta1',
    plural: 'proxyconfigs',
    namespaced: true,
  },
  PeerAuthentication: {
    group: 'security.istio.io',
    version: 'v1',
    plural: 'peerauthentications',
    namespaced: true,
  },
  AuthorizationPolicy: {
    group: 'security.istio.io',
    version: 'v1',
    plural: 'authorizationpolicies',
    namespaced: true,
  },
  RequestAuthentication: {
    group: 'security.istio.io',
    version: 'v1',
    plural: 'requestauthentications',
    namespaced: true,
  },
  Telemetry: {
    group: 'telemetry.istio.io',
    version: 'v1',
    plural: 'telemetries',
    namespaced: true,
  },
  WasmPlugin: {
    group: 'extensions.istio.io',
    version: 'v1alpha1',
    plural: 'wasmplugins',
    namespaced: true,
  },
  /** Istio 1.30 and later. */
  TrafficExtension: {
    group: 'extensions.istio.io',
    version: 'v1alpha1',
    plural: 'trafficextensions',
    namespaced: true,
    optional: true,
  },
  HTTPRoute: {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'httproutes',
    namespaced: true,
  },
  GRPCRoute: {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'grpcroutes',
    namespaced: true,
  },
  TCPRoute: {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'tcproutes',
    namespaced: true,
  },
  TLSRoute: {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'tlsroutes',
    namespaced: true,
  },
  ReferenceGrant: {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'referencegrants',
    namespaced: true,
  },
  /** cert-manager's: what tells when a gateway's certificate ends without a look at its Secret. */
  Certificate: {
    group: 'cert-manager.io',
    version: 'v1',
    plural: 'certificates',
    namespaced: true,
    optional: true,
  },
  /** Gateway API's Gateway; `Gateway` alone is Istio's. */
  KubernetesGateway: {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    plural: 'gateways',
    namespaced: true,
  },
} as const satisfies Record<string, KindInfo>;

export interface KindInfo {
  group: string;
  version: string;
  plural: string;
  namespaced: boolean;
  /** Not part of every mesh: where it is not served, nothing is missing. */
  optional?: boolean;
}

export type KindName = keyof typeof KINDS;

/** Kinds that only the cluster's owner writes; the product reads them. */
export const KIND_NAMES = Object.keys(KINDS) as KindName[];

/** Whether a mesh is whole without the kind. */
export function isOptionalKind(kind: KindName): boolean {
  const { optional = false }: KindInfo = KINDS[kind];
  return optional;
}

/** `networking.istio.io/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: KindName): string {
  const { group, version } = KINDS[kind];
  return group ? `${group}/${version}` : version;
}

/** `kind` as objects carry it. */
export function kubernetesKindOf(kind: KindName): string {
  return kind === 'KubernetesGateway' ? 'Gateway' : kind;
}

/** By kind as objects carry it, then by group. */
const NAMES = new Map<string, Map<string, KindName>>();
for (const name of KIND_NAMES) {
  const kind = kubernetesKindOf(name);
  const groups = NAMES.get(kind) ?? new Map<string, KindName>();
  NAMES.set(kind, groups.set(KINDS[name].group, name));
}

/** `networking.istio.io` of `networking.istio.io/v1`; empty for the core group. */
export function apiGroupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The table's name of an object's kind, by group and kind; undefined for kinds the product does not read. */
export function kindNameOf(object: {
  apiVersion: string;
  kind: string;
}): KindName | undefined {
  return NAMES.get(object.kind)?.get(apiGroupOf(object.apiVersion));
}
