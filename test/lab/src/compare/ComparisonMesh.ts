import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { findBinaries } from '../binaries';
import { applyObject, ResourcePaths } from '../kubernetes/applyObjects';
import type { KubeClient } from '../kubernetes/KubeClient';
import { clientOf } from '../kubernetes/kubeconfig';
import type { KubeObject } from '../kubernetes/types';
import { podNamespace } from '../network/names';
import type { Lab } from '../startLab';
import { waitFor } from '../waitFor';
import { AccessLog } from './AccessLog';
import { baseObjects, NAMESPACES, WORKLOAD_NAMES } from './baseObjects';
import { buildMarker, showsMarker } from './marker';
import { PodProbe } from './PodProbe';
import { TokenIssuer } from './tokens';

/** One of the base's Pods, where it runs. */
export interface MeshPod {
  object: KubeObject;
  namespace: string;
  name: string;
  account: string;
  address: string;
  hasProxy: boolean;
  probe: PodProbe;
  log: AccessLog;
}

/** The base's workloads in a lab, and the configuration that is in force around them. */
export class ComparisonMesh {
  readonly tokens = new TokenIssuer();
  private readonly paths: ResourcePaths;
  private readonly pods = new Map<string, MeshPod>();
  private applied: KubeObject[] = [];
  private marker = 0;

  private constructor(
    private readonly lab: Pick<Lab, 'name' | 'state'>,
    private readonly client: KubeClient,
  ) {
    this.paths = new ResourcePaths(client);
  }

  /** Installs the base and waits until its Pods are ready. */
  static async open(
    lab: Pick<Lab, 'name' | 'state' | 'kubeconfig'>,
  ): Promise<ComparisonMesh> {
    const mesh = new ComparisonMesh(lab, clientOf(lab.kubeconfig));
    const { labapp } = await findBinaries(() => undefined);
    for (const object of baseObjects(labapp)) {
      await applyObject(mesh.client, mesh.paths, object);
    }
    const objects = await waitFor(() => mesh.readReadyPods(), {
      what: `readiness of the ${WORKLOAD_NAMES.length} Pods`,
      timeoutSeconds: 120,
      every: 500,
    });
    objects.forEach(object => mesh.addPod(object));
    return mesh;
  }

  /** @throws Error naming the Pods there are */
  pod(name: string): MeshPod {
    const pod = this.pods.get(name);
    if (!pod) {
      throw new Error(
        `There is no Pod "${name}"; there are ${WORKLOAD_NAMES.join(', ')}`,
      );
    }
    return pod;
  }

  all(): MeshPod[] {
    return [...this.pods.values()];
  }

  /**
   * Replaces what was configured before, and resolves when every sidecar has taken it. Gives the objects as
   * the API server holds them.
   */
  async configure(yaml: string): Promise<KubeObject[]> {
    const objects = this.fillIn(yaml);
    const kept = new Set<string>();
    const held: KubeObject[] = [];
    for (const object of objects) {
      held.push(await applyObject(this.client, this.paths, object));
      kept.add(await this.pathOf(object));
    }
    for (const object of this.applied) {
      const path = await this.pathOf(object);
      if (!kept.has(path)) await this.client.call(path, { method: 'DELETE' });
    }
    this.applied = objects;
    await this.waitForProxies();
    return held;
  }

  /** Namespaces, Services and Pods of the base, and the mesh's own settings. */
  async readBase(): Promise<{ objects: KubeObject[]; meshConfig: string }> {
    const objects: KubeObject[] = [];
    for (const name of NAMESPACES) {
      const base = `/api/v1/namespaces/${name}`;
      objects.push(await this.client.call<KubeObject>(base));
      const { items } = await this.client.call<{ items: KubeObject[] }>(
        `${base}/services`,
      );
      objects.push(
        ...items.map(item => ({ ...item, apiVersion: 'v1', kind: 'Service' })),
      );
    }
    const { data } = await this.client.call<{ data: { mesh: string } }>(
      '/api/v1/namespaces/istio-system/configmaps/istio',
    );
    return {
      objects: [...objects, ...this.all().map(({ object }) => object)],
      meshConfig: data.mesh,
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map(({ probe }) => probe.stop()));
    this.client.close();
  }

  /** `$IP(app)` in texts. */
  fillInAddresses(text: string): string {
    return text.replace(
      /\$IP\(([\w-]+)\)/g,
      (_, name) => this.pod(name).address,
    );
  }

  private fillIn(yaml: string): KubeObject[] {
    const text = this.fillInAddresses(yaml).replace(/\$JWKS/g, () =>
      JSON.stringify(this.tokens.jwks),
    );
    return (loadAll(text) as (KubeObject | null)[]).filter(
      (object): object is KubeObject => Boolean(object),
    );
  }

  private async pathOf(object: KubeObject): Promise<string> {
    return `${await this.paths.collection(object)}/${object.metadata.name}`;
  }

  /**
   * A host that only this configuration has arrives last: istiod sends clusters, listeners and routes in
   * this order, so a proxy whose routes show it has taken the rest.
   */
  private async waitForProxies(): Promise<void> {
    this.marker += 1;
    const marker = buildMarker(this.marker);
    await applyObject(this.client, this.paths, marker);
    for (const { hasProxy, probe, name } of this.all()) {
      if (!hasProxy) continue;
      await waitFor(() => showsMarker(probe, this.marker), {
        what: `the arrival of the configuration in ${name}`,
        timeoutSeconds: 30,
      });
    }
  }

  private async readReadyPods(): Promise<KubeObject[] | undefined> {
    const ready: KubeObject[] = [];
    for (const namespace of NAMESPACES) {
      const { items } = await this.client.call<{ items: KubeObject[] }>(
        `/api/v1/namespaces/${namespace}/pods`,
      );
      ready.push(
        ...items
          .filter(isReady)
          .map(item => ({ ...item, apiVersion: 'v1', kind: 'Pod' })),
      );
    }
    return ready.length === WORKLOAD_NAMES.length ? ready : undefined;
  }

  private addPod(object: KubeObject): void {
    const { name, namespace = '', uid = '', labels = {} } = object.metadata;
    const { spec, status } = object as unknown as {
      spec: { serviceAccountName: string };
      status: { podIP: string };
    };
    const known = WORKLOAD_NAMES.find(
      one => one === labels.app || one === `${labels.app}-${labels.version}`,
    );
    if (!known) return;
    this.pods.set(known, {
      object,
      name,
      namespace,
      account: spec.serviceAccountName,
      address: status.podIP,
      hasProxy: labels['security.istio.io/tlsMode'] === 'istio',
      probe: PodProbe.start(podNamespace(this.lab.name, uid)),
      log: new AccessLog(
        join(this.lab.state, 'pods', `${namespace}_${name}`, 'istio-proxy.log'),
      ),
    });
  }
}

function isReady(pod: KubeObject): boolean {
  const { status } = pod as unknown as {
    status?: { conditions?: { type: string; status: string }[] };
  };
  return (
    pod.metadata.deletionTimestamp === undefined &&
    (status?.conditions ?? []).some(
      one => one.type === 'Ready' && one.status === 'True',
    )
  );
}
