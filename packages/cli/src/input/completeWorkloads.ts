import {
  AMBIENT_REDIRECTION,
  KubeObject,
  PROXY_CONTAINER,
  resolveAmbientWish,
  resolveInjection,
} from '@istio-backstage/plugin-istio-common';

type Proxy = 'sidecar' | 'ambient' | 'none';

const TLS_MODE = 'security.istio.io/tlsMode';
const CONTROLLERS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/**
 * What a pod without proxy in a Namespace with injection is: one that will get its proxy, or one that was
 * left without, as istioctl takes it.
 */
type PodsInFiles = 'to be injected' | 'as they are';

/**
 * Workloads as the cluster would run them. A controller without pods gets one, and pods that nobody
 * injected yet get the proxy that labels ask for. Where neither the pod nor a Namespace among the objects
 * says anything, a sidecar is assumed; but not for pods beside others that were injected already, since
 * then this one was left out.
 */
export function completeWorkloads(
  objects: readonly KubeObject[],
  taken: PodsInFiles,
): KubeObject[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod');
  const namespaces = new Map(
    objects
      .filter(({ kind }) => kind === 'Namespace')
      .map(object => [object.metadata.name, object]),
  );
  const injected = pods.some(pod => evidenceOf(pod) !== undefined);
  const owned = new Set(pods.flatMap(ownersOf));
  const proxyOf = (pod: KubeObject, template: boolean) => {
    const seen = evidenceOf(pod);
    const wish = wishFor(pod, namespaces.get(pod.metadata.namespace ?? ''));
    if (!template && !seen && wish === 'sidecar' && taken === 'as they are') {
      return 'none';
    }
    return seen ?? wish ?? (template || !injected ? 'sidecar' : 'none');
  };
  return objects.flatMap(object => {
    if (object.kind === 'Pod') {
      const running =
        object.status !== undefined && evidenceOf(object) === undefined;
      return [
        asReady(running ? object : withProxy(object, proxyOf(object, false))),
      ];
    }
    if (CONTROLLERS.includes(object.kind) && !owned.has(idOf(object))) {
      const pod = podOf(object);
      return pod
        ? [object, asReady(withProxy(pod, proxyOf(pod, true)))]
        : [object];
    }
    return [object];
  });
}

function idOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace}/${metadata.name}`;
}

/** The controllers a pod belongs to; a ReplicaSet's name is its Deployment's and a hash. */
function ownersOf({ metadata }: KubeObject): string[] {
  return (metadata.ownerReferences ?? []).map(({ kind, name }) =>
    kind === 'ReplicaSet'
      ? `Deployment/${metadata.namespace}/${name.replace(/-[^-]*$/, '')}`
      : `${kind}/${metadata.namespace}/${name}`,
  );
}

function containersOf(pod: KubeObject): readonly { name?: unknown }[] {
  const { containers, initContainers } = (pod.spec ?? {}) as Record<
    string,
    unknown
  >;
  return [containers, initContainers]
    .flatMap(list => (Array.isArray(list) ? (list as unknown[]) : []))
    .filter(
      (item): item is { name?: unknown } =>
        typeof item === 'object' && item !== null,
    );
}

/** What the pod itself shows. */
function evidenceOf(pod: KubeObject): Proxy | undefined {
  const { labels, annotations } = pod.metadata;
  if (
    labels?.[TLS_MODE] === 'istio' ||
    containersOf(pod).some(({ name }) => name === PROXY_CONTAINER)
  ) {
    return 'sidecar';
  }
  return annotations?.[AMBIENT_REDIRECTION] === 'enabled'
    ? 'ambient'
    : undefined;
}

/** What the labels ask for; undefined where nobody says anything. */
function wishFor(
  pod: KubeObject,
  namespace: KubeObject | undefined,
): Proxy | undefined {
  const labels = pod.metadata.labels ?? {};
  if (resolveInjection(namespace, labels).wanted) {
    return 'sidecar';
  }
  if (resolveAmbientWish(namespace, labels).wanted) {
    return 'ambient';
  }
  const refused =
    labels['sidecar.istio.io/inject'] !== undefined ||
    namespace?.metadata.labels?.['istio-injection'] === 'disabled';
  return refused ? 'none' : undefined;
}

/** Files rarely say how a pod is: it is taken to run and to be ready. */
function asReady(pod: KubeObject): KubeObject {
  const status = { phase: 'Running', ...pod.status };
  return status.phase === 'Running' && !('conditions' in status)
    ? {
        ...pod,
        status: { ...status, conditions: [{ type: 'Ready', status: 'True' }] },
      }
    : { ...pod, status };
}

/** One pod of the controller's template; none where it wants none. */
function podOf(controller: KubeObject): KubeObject | undefined {
  const { replicas, template } = (controller.spec ?? {}) as {
    replicas?: unknown;
    template?: { metadata?: KubeObject['metadata']; spec?: KubeObject['spec'] };
  };
  const { namespace, name } = controller.metadata;
  if (!template || replicas === 0) {
    return undefined;
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      namespace,
      name: `${name}-0`,
      ownerReferences: [
        {
          apiVersion: controller.apiVersion,
          kind: controller.kind,
          name,
          uid: '',
          controller: true,
        },
      ],
    },
    spec: template.spec ?? {},
  };
}

function withProxy(pod: KubeObject, proxy: Proxy): KubeObject {
  const { metadata } = pod;
  if (proxy === 'ambient') {
    const annotations = {
      ...metadata.annotations,
      [AMBIENT_REDIRECTION]: 'enabled',
    };
    return { ...pod, metadata: { ...metadata, annotations } };
  }
  if (proxy === 'none') {
    return pod;
  }
  const { containers } = (pod.spec ?? {}) as { containers?: unknown };
  const own = Array.isArray(containers) ? (containers as unknown[]) : [];
  const hasProxy = containersOf(pod).some(
    ({ name }) => name === PROXY_CONTAINER,
  );
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { [TLS_MODE]: 'istio', ...metadata.labels },
    },
    spec: {
      ...pod.spec,
      // An application beside it: a proxy alone in its pod would be a gateway.
      containers: hasProxy
        ? own
        : [
            ...(own.length > 0 ? own : [{ name: 'app' }]),
            { name: PROXY_CONTAINER },
          ],
    },
  };
}
