import {
  type ProxyStatus,
  type ProxyStatusReading,
  readSyncz,
} from '@istio-backstage/plugin-istio-common';
import type { ProxyStatusReader } from '@istio-backstage/plugin-istio-node';
import { readThroughTunnel } from './readThroughTunnel';
import { type KubeClient, KubeStatusError } from './types';

/** istiod's port for monitoring and debugging. Source: istio/istio pilot-discovery, --monitoringAddr. */
const DEBUG_PORT = 15_014;
const PATH = '/debug/syncz';
/** An answer is given for this long; what follows is asked for while the one before is still given. */
const KEEP_MS = 15_000;
const KEEP_FAILURE_MS = 60_000;
/** A page does not wait longer than this for the first answer; istiod itself has longer. */
const WAIT_MS = 1_500;
const TIMEOUT_MS = 5_000;

type Istiod = { namespace: string; name: string };

interface Kept {
  reading?: ProxyStatusReading;
  /** When it is to be asked again. */
  until: number;
  asking?: Promise<ProxyStatusReading>;
}

/**
 * {@link ProxyStatusReader} over istiod's debug interface, which answers without a token whoever comes from its own
 * loopback: the way there is a port-forward to each replica, as istioctl's. Needs `get` and `create` on
 * `pods/portforward` in istiod's namespace.
 */
export class KubernetesProxyStatusReader implements ProxyStatusReader {
  static create(options: {
    /** Of clusters whose istiod may be asked. */
    clients: readonly KubeClient[];
    now?: () => number;
    /** Milliseconds that a reader waits for a first answer, 1,500 by default. */
    waitMs?: number;
    /** Milliseconds that istiod has for it, 5,000 by default. */
    timeoutMs?: number;
  }): KubernetesProxyStatusReader {
    const { clients, now, waitMs = WAIT_MS, timeoutMs = TIMEOUT_MS } = options;
    return new KubernetesProxyStatusReader(
      new Map(clients.map(client => [client.cluster, client])),
      { now: now ?? Date.now, waitMs, timeoutMs },
    );
  }

  private readonly kept = new Map<string, Kept>();

  private constructor(
    private readonly clients: ReadonlyMap<string, KubeClient>,
    private readonly times: {
      now: () => number;
      waitMs: number;
      timeoutMs: number;
    },
  ) {}

  private now(): number {
    return this.times.now();
  }

  async read(options: {
    cluster: string;
    istiods: readonly Istiod[];
  }): Promise<ProxyStatusReading> {
    const { cluster, istiods } = options;
    const client = this.clients.get(cluster);
    if (!client) {
      return unknown(cluster, 'the portal is set not to ask (readProxyStatus)');
    }
    if (istiods.length === 0) {
      return unknown(cluster, 'no pod of istiod runs in the cluster');
    }
    const key = JSON.stringify([cluster, istiods]);
    const kept = this.kept.get(key) ?? { until: 0 };
    this.kept.set(key, kept);
    if (kept.until <= this.now()) this.ask(kept, client, istiods);
    const { reading = unknown(cluster, 'istiod is being asked') } = kept;
    // Nobody asked for a while: then a new answer is worth the wait.
    const isOld = kept.until + KEEP_MS <= this.now();
    return kept.reading && !isOld ? reading : this.inTime(kept.asking, reading);
  }

  private ask(
    kept: Kept,
    client: KubeClient,
    istiods: readonly Istiod[],
  ): void {
    if (kept.asking) return;
    kept.asking = this.askAll(client, istiods).then(reading => {
      const keepMs = reading.state === 'read' ? KEEP_MS : KEEP_FAILURE_MS;
      kept.reading = reading;
      kept.until = this.now() + keepMs;
      kept.asking = undefined;
      this.forgetOthers(kept);
      return reading;
    });
  }

  /** Replicas come and go: answers of those that were asked before are not kept for ever. */
  private forgetOthers(current: Kept): void {
    const old = this.now() - 10 * KEEP_FAILURE_MS;
    for (const [key, kept] of this.kept) {
      if (kept !== current && kept.until < old) this.kept.delete(key);
    }
  }

  private async inTime(
    asking: Promise<ProxyStatusReading> | undefined,
    otherwise: ProxyStatusReading,
  ): Promise<ProxyStatusReading> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ProxyStatusReading>(resolve => {
      timer = setTimeout(() => resolve(otherwise), this.times.waitMs);
    });
    return Promise.race([asking ?? otherwise, late]).finally(() =>
      clearTimeout(timer),
    );
  }

  /** Never throws. A replica that does not answer may be the one that knows a proxy: then nothing is known. */
  private async askAll(
    client: KubeClient,
    istiods: readonly Istiod[],
  ): Promise<ProxyStatusReading> {
    const { cluster } = client;
    const answers = await Promise.all(
      istiods.map(istiod => this.askOne(client, istiod)),
    );
    const failed = answers.find(
      (answer): answer is string => typeof answer === 'string',
    );
    return failed === undefined
      ? {
          cluster,
          state: 'read',
          asOf: this.now(),
          proxies: answers.flat() as ProxyStatus[],
        }
      : unknown(cluster, failed);
  }

  private async askOne(
    client: KubeClient,
    { namespace, name }: Istiod,
  ): Promise<readonly ProxyStatus[] | string> {
    const { timeoutMs } = this.times;
    try {
      const tunnel = await client.openTunnel({
        namespace,
        pod: name,
        port: DEBUG_PORT,
        timeoutMs,
      });
      const answer = await readThroughTunnel(tunnel, {
        path: PATH,
        timeoutMs,
      });
      return (
        readSyncz(answer, this.now()) ?? `${name} answered in an unknown form`
      );
    } catch (error) {
      return explain(name, error as Error);
    }
  }
}

function unknown(cluster: string, reason: string): ProxyStatusReading {
  return { cluster, state: 'unknown', reason };
}

/** In words that carry nothing of the request. */
function explain(istiod: string, error: Error): string {
  if (error instanceof KubeStatusError) return `${istiod}: ${error.message}`;
  if (/\b40[13]\b/.test(error.message)) {
    return 'the portal’s account may not forward a port of istiod (pods/portforward)';
  }
  return error.name === 'TimeoutError' ||
    error.name === 'AbortError' ||
    error.message === 'no answer in time'
    ? `${istiod} did not answer in time`
    : `${istiod} could not be asked`;
}
