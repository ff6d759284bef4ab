import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { PodInfo, readPod } from './podInfo';

/** Kinds that decide where a request goes or whether it may be encrypted. */
const ROUTING_KINDS = new Set([
  'VirtualService',
  'DestinationRule',
  'HTTPRoute',
  'GRPCRoute',
  'ServiceEntry',
  'Gateway',
  'PeerAuthentication',
  'AuthorizationPolicy',
  'Namespace',
]);

/** What a change touches: `all` edges, those of one namespace, or none. */
export type Impact = { all: true } | { namespace: string } | undefined;

/**
 * The objects that traffic depends on, at one moment. The model plays the history into it; nobody else
 * writes.
 */
export class WorldView {
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly pods = new Map<string, Map<string, PodInfo>>();
  private readonly rawPods = new Map<string, Map<string, KubeObject>>();
  private hostIndex?: Map<string, KubeObject[]>;
  private podLists = new Map<string, PodInfo[]>();

  /** Objects of a kind, in the order they came. Gateway API's Gateway is `KubernetesGateway`. */
  list(kind: string): KubeObject[] {
    return [...(this.objects.get(kind)?.values() ?? [])];
  }

  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.objects.get(kind)?.get(`${namespace}/${name}`);
  }

  /** Pods of a namespace, sorted by name. */
  podsIn(namespace: string): PodInfo[] {
    const known = this.podLists.get(namespace);
    if (known) return known;
    const list = [...(this.pods.get(namespace)?.values() ?? [])].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    this.podLists.set(namespace, list);
    return list;
  }

  podsOfWorkload(key: string): PodInfo[] {
    const namespace = key.slice(0, key.indexOf('/'));
    return this.podsIn(namespace).filter(pod => pod.workloadKey === key);
  }

  podNamespaces(): string[] {
    return [...this.pods.keys()];
  }

  namespaceLabels(namespace: string): Record<string, string> {
    return this.get('Namespace', '', namespace)?.metadata.labels ?? {};
  }

  /** VirtualServices that list exactly this host name as written; wildcards are under `*`. */
  virtualServicesFor(host: string): KubeObject[] {
    this.hostIndex ??= this.indexHosts();
    return [
      ...(this.hostIndex.get(host) ?? []),
      ...(this.hostIndex.get('*') ?? []),
    ];
  }

  apply(object: KubeObject): Impact {
    const kind = kindOf(object);
    const namespace = object.metadata.namespace ?? '';
    if (kind === 'Pod') return this.applyPod(object);
    if (!movesTraffic(object)) return undefined;
    const key = `${namespace}/${object.metadata.name}`;
    const before = this.objects.get(kind)?.get(key);
    if (before && sameForTraffic(before, object)) return undefined;
    this.put(kind, key, object);
    if (kind === 'Namespace') this.rereadPods(object.metadata.name);
    return kind === 'Service' ? { namespace } : { all: true };
  }

  remove(object: KubeObject): Impact {
    const kind = kindOf(object);
    const namespace = object.metadata.namespace ?? '';
    const key = `${namespace}/${object.metadata.name}`;
    if (kind === 'Pod') {
      this.pods.get(namespace)?.delete(object.metadata.name);
      this.rawPods.get(namespace)?.delete(object.metadata.name);
      this.podLists.delete(namespace);
      return { namespace };
    }
    if (!this.objects.get(kind)?.delete(key)) return undefined;
    this.hostIndex = undefined;
    return kind === 'Service' ? { namespace } : { all: true };
  }

  private applyPod(object: KubeObject): Impact {
    const namespace = object.metadata.namespace ?? '';
    const pod = readPod(object, this.isAmbient(namespace));
    const before = this.pods.get(namespace)?.get(pod.name);
    let raw = this.rawPods.get(namespace);
    if (!raw) this.rawPods.set(namespace, (raw = new Map()));
    raw.set(pod.name, object);
    if (before && JSON.stringify(before) === JSON.stringify(pod)) {
      return undefined;
    }
    let pods = this.pods.get(namespace);
    if (!pods) this.pods.set(namespace, (pods = new Map()));
    pods.set(pod.name, pod);
    this.podLists.delete(namespace);
    return { namespace };
  }

  private isAmbient(namespace: string): boolean {
    return (
      this.namespaceLabels(namespace)['istio.io/dataplane-mode'] === 'ambient'
    );
  }

  private rereadPods(namespace: string): void {
    for (const raw of this.rawPods.get(namespace)?.values() ?? []) {
      this.applyPod(raw);
    }
  }

  private put(kind: string, key: string, object: KubeObject): void {
    let byKey = this.objects.get(kind);
    if (!byKey) this.objects.set(kind, (byKey = new Map()));
    byKey.set(key, object);
    this.hostIndex = undefined;
  }

  private indexHosts(): Map<string, KubeObject[]> {
    const index = new Map<string, KubeObject[]>();
    for (const object of this.list('VirtualService')) {
      const hosts = (object.spec?.hosts ?? []) as string[];
      for (const host of new Set(
        hosts.map(name => indexName(name, object.metadata.namespace)),
      )) {
        index.set(host, [...(index.get(host) ?? []), object]);
      }
    }
    return index;
  }
}

/** Whether traffic depends on objects of this one's kind. */
export function movesTraffic(object: {
  apiVersion: string;
  kind: string;
}): boolean {
  const kind = kindOf(object);
  return kind === 'Pod' || kind === 'Service' || ROUTING_KINDS.has(kind);
}

function indexName(host: string, namespace: string | undefined): string {
  if (host.startsWith('*')) return '*';
  return host.includes('.') ? host : `${host}.${namespace}.svc`;
}

/** Kind as the view names it: Istio's Gateway keeps the short name. */
export function kindOf(object: { apiVersion: string; kind: string }): string {
  return object.kind === 'Gateway' &&
    object.apiVersion.startsWith('gateway.networking.k8s.io/')
    ? 'KubernetesGateway'
    : object.kind;
}

function sameForTraffic(a: KubeObject, b: KubeObject): boolean {
  return (
    JSON.stringify([a.spec, a.metadata.labels]) ===
      JSON.stringify([b.spec, b.metadata.labels]) &&
    a.metadata.creationTimestamp === b.metadata.creationTimestamp
  );
}
