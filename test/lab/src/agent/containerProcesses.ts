import type { Container, Pod } from './podTypes';

/** Envoy's and the agent's user: what it sends is never redirected to the proxy again. */
export const PROXY_USER = 1337;
const APP_USER = 1500;

/** What istiod calls its only cluster. */
const MESH_CLUSTER = 'Kubernetes';

/** Where a Pod lives. */
export interface PodPlace {
  /** Folder of its files; the proxy's working directory. */
  folder: string;
  address: string;
  /** The node's address. */
  nodeAddress: string;
  nodeName: string;
  pilotAgent: string;
}

/** What runs in place of a container. */
export interface ContainerProcess {
  container: Container;
  argv: string[];
  env: Record<string, string>;
  user: number;
  cwd: string;
}

const isProxy = (container: Container) => container.name === 'istio-proxy';

/** Init containers that stay: they start before the others and end after them. */
export const sidecarsOf = (pod: Pod) =>
  (pod.spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === 'Always',
  );

/** Init containers that run to their end, istio-init among them. */
export const initContainersOf = (pod: Pod) =>
  (pod.spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy !== 'Always',
  );

export const hasProxy = (pod: Pod) =>
  [...sidecarsOf(pod), ...pod.spec.containers].some(isProxy);

/** Values that `fieldRef` can name. */
function fieldsOf(pod: Pod, place: PodPlace): Record<string, string> {
  const { metadata, spec } = pod;
  return {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'status.podIP': place.address,
    'status.hostIP': place.nodeAddress,
    'spec.nodeName': place.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
  };
}

/** The environment of a container, `$(NAME)` in values left as it is. */
export function environmentOf(
  pod: Pod,
  container: Container,
  place: PodPlace,
): Record<string, string> {
  const fields = fieldsOf(pod, place);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    POD_NAME: pod.metadata.name,
    HOME: place.folder,
  };
  for (const { name, value, valueFrom } of container.env ?? []) {
    const path = valueFrom?.fieldRef?.fieldPath;
    if (path !== undefined) {
      const label = /^metadata\.labels\['(.+)'\]$/.exec(path)?.[1];
      env[name] = label
        ? pod.metadata.labels?.[label] ?? ''
        : fields[path] ?? '';
    } else {
      env[name] = value ?? '';
    }
  }
  return env;
}

/** The workload a Pod belongs to: its Deployment, which the name of its ReplicaSet begins with. */
function workloadOf({ metadata }: Pod): string {
  const hash = metadata.labels?.['pod-template-hash'];
  const owner = metadata.ownerReferences?.find(one => one.controller)?.name;
  if (!owner) return metadata.name;
  return hash && owner.endsWith(`-${hash}`)
    ? owner.slice(0, -hash.length - 1)
    : owner;
}

/**
 * Who a Pod is to others, in the order of Istio's metadata exchange: workload, namespace, canonical
 * name, canonical revision, cluster. Proxies send it with every request (see envoyFilters.ts).
 */
export function peerOfWorkload(pod: Pod): string {
  const { name, namespace, labels = {} } = pod.metadata;
  return [
    workloadOf(pod),
    namespace,
    labels['service.istio.io/canonical-name'] ?? labels.app ?? name,
    labels['service.istio.io/canonical-revision'] ?? labels.version ?? 'latest',
    MESH_CLUSTER,
  ].join(';');
}

/** The process of a container; undefined for one that names no command and is not the proxy. */
export function processOf(
  pod: Pod,
  container: Container,
  place: PodPlace,
): ContainerProcess | undefined {
  const env = environmentOf(pod, container, place);
  const proxy = isProxy(container);
  const program = proxy ? [place.pilotAgent] : container.command ?? [];
  if (program.length === 0) return undefined;
  if (proxy) {
    env.LAB_PEER = peerOfWorkload(pod);
    env.GOMAXPROCS = '1';
    env.GOMEMLIMIT = '100MiB';
  }
  return {
    container,
    env,
    argv: [...program, ...(container.args ?? [])].map(word =>
      word.replace(/\$\((\w+)\)/g, (whole, name) => env[name] ?? whole),
    ),
    user: proxy ? PROXY_USER : APP_USER,
    cwd: proxy ? place.folder : '/',
  };
}

/** The number of a port given by number or by name. */
export function portNumber(
  container: Container,
  port: number | string,
): number | undefined {
  if (typeof port === 'number') return port;
  if (/^\d+$/.test(port)) return Number(port);
  return container.ports?.find(({ name }) => name === port)?.containerPort;
}
