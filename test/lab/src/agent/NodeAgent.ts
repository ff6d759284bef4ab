import { KubeError } from '../kubernetes/KubeClient';
import { watchObjects } from '../kubernetes/watchObjects';
import { signalProcess } from '../processes/RecordedProcesses';
import { type AgentContext, NODE_NAME } from './AgentContext';
import { Addresses } from './podNetwork';
import { PodRunner } from './PodRunner';
import type { Pod } from './podTypes';
import { isMirror } from './registerIstiod';
import { ServiceProxy } from './ServiceProxy';
import { writePrometheusFiles } from './prometheusTargets';

const TICK = 400;

/** The address a Pod asks for instead of the next free one. */
const ADDRESS_ANNOTATION = 'lab/ip';

const pathOf = ({ namespace, name }: Pod['metadata']) =>
  `/api/v1/namespaces/${namespace}/pods/${name}`;

/** Binds Pods to the one node and runs them. The API server is the only source of what should run. */
export class NodeAgent {
  private readonly runners = new Map<string, PodRunner>();
  private readonly busy = new Set<string>();
  private readonly mirrors = new Set<string>();
  private readonly addresses: Addresses;
  private readonly stopping = new AbortController();
  private readonly services: ServiceProxy;
  private timer?: NodeJS.Timeout;

  constructor(private readonly context: AgentContext) {
    this.addresses = new Addresses(context.settings.network.podPrefix);
    this.services = new ServiceProxy(context, () => [...this.runners.values()]);
  }

  async run(): Promise<void> {
    this.timer = setInterval(() => this.tick(), TICK);
    const services = this.services.run(this.stopping.signal);
    await watchObjects<Pod>(this.context.client, '/api/v1/pods', {
      signal: this.stopping.signal,
      listener: {
        replace: pods => {
          const there = new Set(pods.map(({ metadata }) => metadata.uid));
          for (const uid of this.runners.keys()) {
            if (!there.has(uid)) this.gone(uid);
          }
          for (const pod of pods) this.reconcile(pod);
        },
        change: (type, pod) =>
          type === 'DELETED'
            ? this.gone(pod.metadata.uid)
            : this.reconcile(pod),
        failed: message => this.context.say(`watch of Pods: ${message}`),
      },
    });
    await services;
  }

  /** Ends every Pod at once, without waiting for connections. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    await Promise.all([...this.runners.values()].map(one => one.end(false)));
  }

  find(namespace: string, name: string): PodRunner | undefined {
    return [...this.runners.values()].find(
      ({ pod }) =>
        pod.metadata.namespace === namespace && pod.metadata.name === name,
    );
  }

  /** Whether it is a Pod that stands for a process in the agent's own network. */
  isMirrored(namespace: string, name: string): boolean {
    return this.mirrors.has(`${namespace}/${name}`);
  }

  private reconcile(pod: Pod): void {
    const { uid, namespace, name } = pod.metadata;
    if (isMirror(pod)) {
      this.mirrors.add(`${namespace}/${name}`);
      return;
    }
    if (this.busy.has(uid) || this.stopping.signal.aborted) return;
    const step = this.nextStep(pod);
    if (!step) return;
    this.busy.add(uid);
    step()
      .catch(error =>
        this.context.say(
          `${pod.metadata.namespace}/${pod.metadata.name}: ${error.message}`,
        ),
      )
      .finally(() => {
        this.busy.delete(uid);
        this.lookAgain(pod);
      });
  }

  private nextStep(pod: Pod): (() => Promise<void>) | undefined {
    const { metadata, spec } = pod;
    if (metadata.deletionTimestamp) return () => this.remove(pod);
    if (!spec.nodeName) return () => this.bind(pod);
    if (spec.nodeName === NODE_NAME && !this.runners.has(metadata.uid)) {
      return () => this.start(pod);
    }
    return undefined;
  }

  /** What changed while a step ran was not looked at. */
  private async lookAgain({ metadata }: Pod): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      const pod = await this.context.client.call<Pod>(pathOf(metadata));
      if (pod.metadata.uid === metadata.uid) this.reconcile(pod);
      else this.gone(metadata.uid);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) {
        this.gone(metadata.uid);
        return;
      }
      setTimeout(() => this.lookAgain({ metadata } as Pod), TICK).unref();
    }
  }

  private async bind({ metadata }: Pod): Promise<void> {
    const { namespace, name } = metadata;
    await this.context.client.call(`${pathOf(metadata)}/binding`, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace },
        target: { apiVersion: 'v1', kind: 'Node', name: NODE_NAME },
      },
    });
  }

  private async start(pod: Pod): Promise<void> {
    const wanted = pod.metadata.annotations?.[ADDRESS_ANNOTATION];
    const address = wanted
      ? this.addresses.claim(
          `${this.context.settings.network.podPrefix}.${wanted}`,
        )
      : this.addresses.take();
    const runner = new PodRunner(this.context, pod, address);
    this.runners.set(pod.metadata.uid, runner);
    this.tellPrometheus();
    try {
      await runner.setUp();
      this.services.refresh();
    } catch (error) {
      this.runners.delete(pod.metadata.uid);
      await runner.end(false);
      this.addresses.release(address);
      throw error;
    }
  }

  private async remove(pod: Pod): Promise<void> {
    const { uid } = pod.metadata;
    await this.release(uid, true);
    // The query wins over no body at all; a body `{}` would override it.
    await this.context.client
      .call(`${pathOf(pod.metadata)}?gracePeriodSeconds=0`, {
        method: 'DELETE',
      })
      .catch(error => {
        if (!(error instanceof KubeError && error.status === 404)) throw error;
      });
  }

  private gone(uid: string): void {
    if (this.busy.has(uid)) return;
    this.release(uid, false).catch(error =>
      this.context.say(`end of Pod ${uid}: ${error.message}`),
    );
  }

  private async release(uid: string, graceful: boolean): Promise<void> {
    const runner = this.runners.get(uid);
    if (!runner) return;
    this.runners.delete(uid);
    await runner.end(graceful);
    this.addresses.release(runner.address);
    this.tellPrometheus();
  }

  private tick(): void {
    for (const runner of this.runners.values()) {
      runner
        .tick()
        .catch(error =>
          this.context.say(`${runner.pod.metadata.name}: ${error.message}`),
        );
    }
  }

  /** Targets are read by themselves, the names of addresses on SIGHUP. */
  private tellPrometheus(): void {
    const { settings, processes } = this.context;
    writePrometheusFiles(settings.state, [...this.runners.values()]);
    const prometheus = processes.read('prometheus');
    if (prometheus) signalProcess(prometheus, 'SIGHUP');
  }
}
