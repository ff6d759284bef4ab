import { appendFileSync, openSync, closeSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inNamespace, removeNamespace } from '../network/controlNetwork';
import { podNamespace } from '../network/names';
import { runCommand } from '../network/ip';
import { pause } from '../waitFor';
import { type AgentContext, NODE_NAME } from './AgentContext';
import { ContainerRunner } from './ContainerRunner';
import {
  environmentOf,
  hasProxy,
  initContainersOf,
  type PodPlace,
  processOf,
  sidecarsOf,
} from './containerProcesses';
import { LogFile } from './LogFile';
import { podFolder, writePodFiles } from './podFiles';
import { createPodNetwork } from './podNetwork';
import { podStatus } from './podStatus';
import type { Container, Pod } from './podTypes';

/** Milliseconds that proxies have to hear that the Pod is no endpoint any more, and then it has to drain. */
const LAMEDUCK = 1_000;
const DRAIN = 3_000;

const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

/** One Pod: a network namespace with real processes in place of its containers. */
export class PodRunner {
  readonly namespace: string;
  readonly folder: string;
  private readonly startedAt = now();
  private sidecars: ContainerRunner[] = [];
  private apps: ContainerRunner[] = [];
  private reported = '';
  private ticking = false;
  private ending = false;
  private ready = false;

  constructor(
    private readonly context: AgentContext,
    readonly pod: Pod,
    readonly address: string,
  ) {
    this.namespace = podNamespace(context.settings.lab, pod.metadata.uid);
    this.folder = podFolder(context.settings.state, pod);
  }

  get hasProxy(): boolean {
    return hasProxy(this.pod);
  }

  /** Whether its namespace and files are there. */
  get isSetUp(): boolean {
    return this.ready;
  }

  /** @throws Error when the namespace, its files or an init container fails */
  async setUp(): Promise<void> {
    const { settings } = this.context;
    await createPodNetwork({
      lab: settings.lab,
      namespace: this.namespace,
      address: this.address,
      network: settings.network,
    });
    await writePodFiles(this.context, this.pod, this.namespace);
    this.ready = true;
    for (const container of initContainersOf(this.pod)) {
      await this.runInit(container);
    }
    this.sidecars = this.runnersOf(sidecarsOf(this.pod));
    this.apps = this.runnersOf(this.pod.spec.containers);
    await this.tick();
  }

  /** Moves every container one step on and tells the API server what changed. */
  async tick(): Promise<void> {
    if (this.ticking || this.ending) return;
    this.ticking = true;
    try {
      await Promise.all(this.sidecars.map(one => one.tick()));
      // Sidecars first: what an application sends at its start needs them.
      if (this.sidecars.every(one => one.state.started)) {
        await Promise.all(this.apps.map(one => one.tick()));
      }
      await this.report();
    } finally {
      this.ticking = false;
    }
  }

  /** The end as a kubelet does it: time to leave the endpoints, SIGTERM, time to drain, SIGKILL. */
  async end(graceful: boolean): Promise<void> {
    this.ending = true;
    const all = [...this.apps, ...this.sidecars];
    if (graceful) {
      await pause(LAMEDUCK);
      for (const one of all) one.terminate();
      const deadline = Date.now() + DRAIN;
      while (Date.now() < deadline && !all.every(one => one.isGone())) {
        await pause(100);
      }
    }
    for (const one of all) one.kill();
    await removeNamespace(this.namespace);
    if (graceful) rmSync(this.folder, { recursive: true, force: true });
  }

  /** What a container wrote; init containers that ran to their end included. */
  logOf(container: string): LogFile | undefined {
    const running = [...this.sidecars, ...this.apps].find(
      ({ name }) => name === container,
    );
    if (running) return running.log;
    return initContainersOf(this.pod).some(({ name }) => name === container)
      ? new LogFile(join(this.folder, `${container}.log`))
      : undefined;
  }

  private runnersOf(containers: Container[]): ContainerRunner[] {
    return containers.flatMap(container => {
      const process = processOf(this.pod, container, this.place());
      if (!process) return [];
      const { uid } = this.pod.metadata;
      return new ContainerRunner(this.context, {
        process,
        namespace: this.namespace,
        address: this.address,
        folder: this.folder,
        key: `pod-${uid}-${container.name}`,
      });
    });
  }

  private place(): PodPlace {
    const { settings } = this.context;
    return {
      folder: this.folder,
      address: this.address,
      nodeAddress: settings.network.gateway,
      nodeName: NODE_NAME,
      pilotAgent: settings.pilotAgent,
    };
  }

  /** istio-init and the like: as root in the Pod's namespace, the image's program being the agent. */
  private async runInit(container: Container): Promise<void> {
    const program = container.command ?? [this.context.settings.pilotAgent];
    const [command, ...args] = inNamespace(this.namespace, [
      ...program,
      ...(container.args ?? []),
    ]);
    const log = join(this.folder, `${container.name}.log`);
    closeSync(openSync(log, 'a'));
    const output = await runCommand(command, args, {
      cwd: this.folder,
      env: environmentOf(this.pod, container, this.place()),
    });
    appendFileSync(log, output);
  }

  private async report(): Promise<void> {
    const states = new Map(
      [...this.sidecars, ...this.apps].map(one => [one.name, one.state]),
    );
    const fingerprint = JSON.stringify([...states]);
    if (fingerprint === this.reported) return;
    const { namespace, name } = this.pod.metadata;
    await this.context.client.call(
      `/api/v1/namespaces/${namespace}/pods/${name}/status`,
      {
        method: 'PATCH',
        contentType: 'application/strategic-merge-patch+json',
        body: {
          status: podStatus(this.pod, {
            states,
            address: this.address,
            nodeAddress: this.context.settings.network.gateway,
            startedAt: this.startedAt,
            now: now(),
          }),
        },
      },
    );
    this.reported = fingerprint;
  }
}
