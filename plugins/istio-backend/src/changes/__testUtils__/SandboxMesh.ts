import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import {
  createKubernetesCluster,
  type AdmissionVerdict,
  type KubernetesCluster,
} from '@istio-backstage/sandbox';
import { ClusterRegistry } from '../../clusters/ClusterRegistry';
import { InformerCache } from '../../clusters/InformerCache';
import { KubernetesMeshWriter } from '../../clusters/KubernetesMeshWriter';
import { waitFor } from '../../clusters/testing/waitFor';
import { shopObjects } from './shopObjects';

/** A write that is about to reach a cluster. */
export interface ArrivingWrite {
  cluster: string;
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  groups: string[];
}

interface RunningCluster {
  cluster: KubernetesCluster;
  server: http.Server;
}

const DRY_RUN = /[?&]dryRun=/;

/** The sandbox's Kubernetes APIs over HTTP with the plugin's own watches and writer in front. */
export class SandboxMesh {
  static async start(names: string[]): Promise<SandboxMesh> {
    const mesh = new SandboxMesh();
    for (const name of names) {
      await mesh.startCluster(name);
    }
    const registry = await ClusterRegistry.create({
      supplier: {
        listClusters: async () =>
          names.map(name => ({
            name,
            url: mesh.urlOf(name),
            token: 'portal-token',
          })),
      },
      settings: [],
    });
    mesh.reader = InformerCache.create({ registry });
    mesh.writer = KubernetesMeshWriter.create({
      clients: registry.clients(),
      version: '0.0.0-test',
      timeoutMs: 3000,
    });
    mesh.reader.start();
    await mesh.synced();
    return mesh;
  }

  reader!: InformerCache;
  writer!: KubernetesMeshWriter;
  /** Awaited before a write (not a dry run) is handled. */
  beforeWrite: (write: ArrivingWrite) => Promise<void> | void = () => {};
  /** What istiod's webhook says. */
  admission: AdmissionVerdict = { judged: true, errors: [], warnings: [] };
  readonly writes: ArrivingWrite[] = [];
  private readonly clusters = new Map<string, RunningCluster>();

  cluster(name: string): KubernetesCluster {
    return this.clusters.get(name)!.cluster;
  }

  route(name: string, route = 'reviews'): KubeObject | undefined {
    return this.cluster(name).store.get('virtualservices.networking.istio.io', {
      namespace: 'catalog',
      name: route,
    });
  }

  weights(name: string): number[] {
    const spec = this.route(name)?.spec as {
      http: { route: { weight?: number }[] }[];
    };
    return spec.http[0].route.map(({ weight }) => weight ?? 0);
  }

  /** Another client writes, past the portal. */
  async editElsewhere(name: string, weights: number[]): Promise<void> {
    const route = structuredClone(this.route(name)!) as KubeObject & {
      spec: { http: { route: { weight?: number }[] }[] };
    };
    route.spec.http[0].route.forEach((each, index) => {
      each.weight = weights[index];
    });
    delete route.metadata.annotations?.['istio-portal.dev/change-id'];
    // The API server counts.
    delete route.metadata.generation;
    this.cluster(name).store.apply(route);
  }

  /** Somebody adds a rule below all others, past the product. */
  addRuleElsewhere(name: string, rule: unknown): void {
    const route = structuredClone(this.route(name)!);
    const rules = [...((route.spec?.http as unknown[]) ?? []), rule];
    this.cluster(name).store.apply({
      ...route,
      spec: { ...route.spec, http: rules },
    });
  }

  /** Somebody puts another host on the route, past the product. */
  addHostElsewhere(name: string, host: string): void {
    const route = structuredClone(this.route(name)!);
    const hosts = [...((route.spec?.hosts as string[]) ?? []), host];
    this.cluster(name).store.apply({
      ...route,
      spec: { ...route.spec, hosts },
    });
  }

  /** The next write (not its dry run) takes effect and its answer is lost. */
  loseAnswer(name: string): void {
    this.cluster(name).faults.add({
      match: { method: 'PATCH', path: /^(?!.*dryRun)/ },
      times: 1,
      dropAfterEffect: true,
    });
  }

  /** The next write (not its dry run) is answered so instead of handled. */
  failWrite(name: string, status: number): void {
    this.cluster(name).faults.add({
      match: { method: 'PATCH', path: /^(?!.*dryRun)/ },
      times: 1,
      status,
    });
  }

  async stop(): Promise<void> {
    this.reader.stop();
    for (const { cluster, server } of this.clusters.values()) {
      cluster.close();
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    }
  }

  /** Until every watch has delivered. */
  async synced(): Promise<void> {
    await waitFor(() => {
      for (const { name, state } of this.reader.clusters()) {
        if (state !== 'fresh' || !this.reader.snapshot(name)) {
          throw new Error(`${name} is ${state}`);
        }
      }
    });
  }

  private urlOf(name: string): string {
    const { server } = this.clusters.get(name)!;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private async startCluster(name: string) {
    const cluster = createKubernetesCluster({
      name,
      clock: Date.now,
      users: { 'portal-token': { user: 'portal' } },
      objects: shopObjects(),
      admission: () => this.admission,
    });
    const server = http.createServer((request, response) => {
      const write = {
        cluster: name,
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        groups: request.headersDistinct['impersonate-group'] ?? [],
      };
      const isWrite =
        write.method !== 'GET' &&
        !DRY_RUN.test(write.path) &&
        !write.path.includes('authorization.k8s.io');
      if (!isWrite) {
        cluster.handler(request, response);
        return;
      }
      this.writes.push(write);
      void Promise.resolve(this.beforeWrite(write)).then(() =>
        cluster.handler(request, response),
      );
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    this.clusters.set(name, { cluster, server });
  }
}
