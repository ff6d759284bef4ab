import { shortReason } from './DefaultKubeClient';
import type { KubeClient } from './types';

export interface ApiServerProbeOptions {
  client: KubeClient;
  timing: { probeMs: number; probeTimeoutMs: number };
  now: () => number;
  onStateChange(isUp: boolean): void;
}

/**
 * Whether the API server answers. Watches prove it by events and bookmarks; when they are silent, or one
 * fails, a small request (`GET /version`) tells a quiet cluster from a dead one. Runs on its own clock,
 * never because of a page view.
 */
export class ApiServerProbe {
  private lastProofAt: number | undefined;
  private failure: { at: number; message: string } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private stopped = false;
  private readonly abort = new AbortController();

  constructor(private readonly options: ApiServerProbeOptions) {}

  start(): void {
    void this.ask();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort.abort();
  }

  evidence(): {
    lastProofAt?: number;
    failure?: { at: number; message: string };
  } {
    return { lastProofAt: this.lastProofAt, failure: this.failure };
  }

  proveAlive(): void {
    this.lastProofAt = this.options.now();
    if (!this.failure || this.stopped) return;
    this.failure = undefined;
    this.options.onStateChange(true);
  }

  /** A watch got no answer: ask now instead of at the next turn. */
  suspect(): void {
    if (!this.running && !this.stopped) void this.ask();
  }

  private async ask(): Promise<void> {
    clearTimeout(this.timer);
    this.running = true;
    const { client, timing, now } = this.options;
    try {
      const { status } = await client.request({
        method: 'GET',
        path: '/version',
        timeoutMs: timing.probeTimeoutMs,
        signal: this.abort.signal,
      });
      if (status === 401) {
        this.fail("The cluster refuses the portal's credentials (401)");
      } else if (status >= 500) {
        this.fail(`The API server answers with ${status}`);
      } else {
        this.proveAlive();
      }
    } catch (error) {
      this.fail(`The API server does not answer: ${shortReason(error)}`);
    } finally {
      this.running = false;
    }
    this.planNext(now());
  }

  private planNext(now: number): void {
    if (this.stopped) return;
    const { probeMs } = this.options.timing;
    // A dead cluster is asked three times as often: it should be back on the screen soon.
    const quietSince = this.failure ? now : this.lastProofAt ?? now;
    const pause = this.failure
      ? probeMs / 3
      : Math.max(quietSince + probeMs - now, probeMs / 10);
    this.timer = setTimeout(() => {
      const silent =
        this.options.now() - (this.lastProofAt ?? 0) >= probeMs ||
        this.failure !== undefined;
      if (silent) void this.ask();
      else this.planNext(this.options.now());
    }, pause);
    this.timer.unref?.();
  }

  private fail(message: string): void {
    if (this.stopped) return;
    const isNew = this.failure?.message !== message;
    this.failure = { at: this.options.now(), message };
    if (isNew) this.options.onStateChange(false);
  }
}
