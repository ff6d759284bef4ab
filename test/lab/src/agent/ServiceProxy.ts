import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchObjects } from '../kubernetes/watchObjects';
import { inNamespace } from '../network/controlNetwork';
import { runCommand } from '../network/ip';
import type { AgentContext } from './AgentContext';
import { hostsOf } from './podFiles';
import type { PodRunner } from './PodRunner';
import {
  type EndpointSlice,
  type Service,
  serviceHosts,
  serviceRules,
} from './serviceRules';

/** Milliseconds for which changes are gathered. */
const GATHER = 200;

interface Named {
  metadata: { name: string; namespace: string };
}

const keyOf = ({ metadata }: Named) => `${metadata.namespace}/${metadata.name}`;

/** Lets Pods without a sidecar call Services by name and address, as kube-proxy and a cluster's DNS do. */
export class ServiceProxy {
  private readonly services = new Map<string, Service>();
  private readonly slices = new Map<string, EndpointSlice & Named>();
  private readonly written = new Map<string, string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly context: AgentContext,
    private readonly pods: () => PodRunner[],
  ) {}

  /** Follows Services and endpoints until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.follow('/api/v1/services', this.services, signal),
      this.follow(
        '/apis/discovery.k8s.io/v1/endpointslices',
        this.slices,
        signal,
      ),
    ]);
  }

  /** Brings every Pod without a sidecar up to date, soon. */
  refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.write().catch(error =>
        this.context.say(`rules of Services: ${error.message}`),
      );
    }, GATHER);
  }

  private follow<T extends Named>(
    path: string,
    into: Map<string, T>,
    signal: AbortSignal,
  ): Promise<void> {
    return watchObjects<T>(this.context.client, path, {
      signal,
      listener: {
        replace: items => {
          into.clear();
          for (const item of items) into.set(keyOf(item), item);
          this.refresh();
        },
        change: (type, item) => {
          if (type === 'DELETED') into.delete(keyOf(item));
          else into.set(keyOf(item), item);
          this.refresh();
        },
        failed: message => this.context.say(`watch of ${path}: ${message}`),
      },
    });
  }

  private async write(): Promise<void> {
    const services = [...this.services.values()];
    const rules = serviceRules(services, [...this.slices.values()]);
    for (const runner of this.pods()) {
      if (runner.hasProxy || !runner.isSetUp) continue;
      await this.writeFor(runner, rules, services);
    }
  }

  private async writeFor(
    runner: PodRunner,
    rules: string,
    services: Service[],
  ): Promise<void> {
    const { namespace, pod } = runner;
    const hosts =
      hostsOf(this.context.settings.network, pod) +
      serviceHosts(services, pod.metadata.namespace);
    if (this.written.get(namespace) === rules + hosts) return;
    // In place: the running processes see this very file.
    writeFileSync(join('/etc/netns', namespace, 'hosts'), hosts);
    const [program, ...args] = inNamespace(namespace, ['iptables-restore']);
    await runCommand(program, args, { input: rules });
    this.written.set(namespace, rules + hosts);
  }
}
