import { apiVersionOf, KindName, kubernetesKindOf } from '../resources/kinds';
import { KubeObject, ObjectMeta } from '../resources/types';

/** An object of a kind of the table, with its apiVersion and kind filled in. */
export function kubeObject(
  kind: KindName,
  metadata: ObjectMeta,
  rest: Omit<Partial<KubeObject>, 'apiVersion' | 'kind' | 'metadata'> = {},
): KubeObject {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kubernetesKindOf(kind),
    metadata: {
      uid: `${kind}-${metadata.namespace ?? ''}-${metadata.name}`,
      resourceVersion: '1',
      creationTimestamp: '2026-07-01T00:00:00Z',
      ...metadata,
    },
    ...rest,
  };
}

/** A namespace; with `injected` its pods are to get a sidecar. */
export function namespace(options: {
  name: string;
  injected?: boolean;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}): KubeObject {
  const { name, injected, labels, annotations } = options;
  return kubeObject('Namespace', {
    name,
    labels: {
      'kubernetes.io/metadata.name': name,
      ...(injected ? { 'istio-injection': 'enabled' } : {}),
      ...labels,
    },
    ...(annotations ? { annotations } : {}),
  });
}

/** A Service that selects `app: <name>` unless told otherwise. */
export function service(options: {
  namespace: string;
  name: string;
  selector?: Record<string, string>;
  ports?: Record<string, unknown>[];
  labels?: Record<string, string>;
  spec?: Record<string, unknown>;
}): KubeObject {
  const { namespace: ns, name, labels } = options;
  return kubeObject(
    'Service',
    { namespace: ns, name, ...(labels ? { labels } : {}) },
    {
      spec: {
        selector: options.selector ?? { app: name },
        ports: options.ports ?? [
          { name: 'http', port: 9080, targetPort: 9080, protocol: 'TCP' },
        ],
        ...options.spec,
      },
    },
  );
}

export interface DeploymentOptions {
  namespace: string;
  name: string;
  /** Of the pods; default `app: <name>`. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  replicas?: number;
  /** Ready pods; default all. */
  ready?: number;
  proxy?: 'sidecar' | 'ambient' | 'gateway' | 'none';
  proxyVersion?: string;
  ports?: { containerPort: number; name?: string }[];
  serviceAccount?: string;
}

/** A Deployment with its ReplicaSet and its pods, as the controllers and the injector leave them. */
export function deployment(options: DeploymentOptions): KubeObject[] {
  const { namespace: ns, name, replicas = 1, ready = replicas } = options;
  const labels = options.labels ?? { app: name };
  const hash = '5d8c9b7f6c';
  const podSpec = {
    serviceAccountName: options.serviceAccount ?? name,
    containers: [
      {
        name: 'app',
        image: `registry.example/${name}:1`,
        ports: options.ports ?? [{ containerPort: 9080, name: 'http' }],
      },
    ],
  };
  const template = {
    metadata: {
      labels,
      ...(options.annotations ? { annotations: options.annotations } : {}),
    },
    spec: podSpec,
  };
  const owner = (kind: string, owned: string) => [
    { apiVersion: 'apps/v1', kind, name: owned, uid: owned, controller: true },
  ];
  const status = {
    replicas,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
  };
  return [
    kubeObject(
      'Deployment',
      { namespace: ns, name, labels: { ...labels } },
      { spec: { replicas, template }, status },
    ),
    kubeObject(
      'ReplicaSet',
      {
        namespace: ns,
        name: `${name}-${hash}`,
        ownerReferences: owner('Deployment', name),
      },
      { spec: { replicas, template }, status },
    ),
    ...Array.from({ length: replicas }, (_, index) =>
      pod({
        namespace: ns,
        name: `${name}-${hash}-${index}`,
        labels: { ...labels, 'pod-template-hash': hash },
        annotations: options.annotations,
        ownerReferences: owner('ReplicaSet', `${name}-${hash}`),
        ready: index < ready,
        proxy: options.proxy,
        proxyVersion: options.proxyVersion,
        spec: podSpec,
      }),
    ),
  ];
}

/** A pod; with a sidecar unless told otherwise. */
export function pod(options: {
  namespace: string;
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: ObjectMeta['ownerReferences'];
  ready?: boolean;
  proxy?: DeploymentOptions['proxy'];
  proxyVersion?: string;
  spec?: { containers?: unknown[]; [field: string]: unknown };
}): KubeObject {
  const { proxy = 'sidecar', proxyVersion = '1.31.0', ready = true } = options;
  const withProxy = proxy === 'sidecar' || proxy === 'gateway';
  const spec = options.spec ?? {
    containers: [{ name: 'app', image: 'app:1' }],
  };
  return kubeObject(
    'Pod',
    {
      namespace: options.namespace,
      name: options.name,
      labels: {
        ...options.labels,
        ...(withProxy ? { 'security.istio.io/tlsMode': 'istio' } : {}),
      },
      annotations: {
        ...options.annotations,
        ...(proxy === 'ambient'
          ? { 'ambient.istio.io/redirection': 'enabled' }
          : {}),
      },
      ...(options.ownerReferences
        ? { ownerReferences: options.ownerReferences }
        : {}),
    },
    {
      spec: {
        ...spec,
        containers: [
          ...(proxy === 'gateway' ? [] : spec.containers ?? []),
          ...(withProxy
            ? [
                {
                  name: 'istio-proxy',
                  image: `docker.io/istio/proxyv2:${proxyVersion}`,
                  args: ['proxy', proxy === 'gateway' ? 'router' : 'sidecar'],
                },
              ]
            : []),
        ],
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      },
    },
  );
}

export interface RoutingOptions {
  namespace: string;
  name: string;
  spec: Record<string, unknown>;
  metadata?: Partial<ObjectMeta>;
}

function routing(kind: KindName, options: RoutingOptions): KubeObject {
  const { namespace: ns, name, spec, metadata } = options;
  return kubeObject(kind, { namespace: ns, name, ...metadata }, { spec });
}

export function virtualService(options: RoutingOptions): KubeObject {
  return routing('VirtualService', options);
}

export function destinationRule(options: RoutingOptions): KubeObject {
  return routing('DestinationRule', options);
}

export function peerAuthentication(options: RoutingOptions): KubeObject {
  return routing('PeerAuthentication', options);
}

export function httpRoute(options: RoutingOptions): KubeObject {
  return routing('HTTPRoute', options);
}

export function serviceEntry(options: RoutingOptions): KubeObject {
  return routing('ServiceEntry', options);
}
