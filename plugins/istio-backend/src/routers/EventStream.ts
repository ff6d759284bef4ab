import type {
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { MeshEvent } from '@istio-backstage/plugin-istio-common';
import type { Response } from 'express';
import type { ComponentChanges, MeshContext, MeshService } from '../mesh/types';

export interface EventStreamOptions {
  mesh: Pick<MeshService, 'visibleComponents'>;
  changes: readonly ComponentChanges[];
  logger: LoggerService;
  /** Ends all streams. */
  stopped: AbortSignal;
  heartbeatMs?: number;
  coalesceMs?: number;
  maxMinutes?: number;
}

/** One listener: what changed is collected for a moment, cut to what the listener may see, and sent. */
export class EventStream {
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private end: NodeJS.Timeout | undefined;
  private readonly unsubscribe: (() => void)[] = [];
  private readonly onStopped = () => this.res.end();

  constructor(
    private readonly res: Response,
    private readonly context: MeshContext,
    private readonly options: EventStreamOptions,
  ) {}

  start(): void {
    const { changes, stopped, heartbeatMs = 15_000 } = this.options;
    this.res.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // `no-transform` keeps compressing middleware from holding events back.
      'Cache-Control': 'no-cache, no-transform',
      Connection: 'keep-alive',
      'X-Accel-Buffering': 'no',
    });
    this.write(': connected\n\n');
    for (const source of changes) {
      this.unsubscribe.push(source.subscribe(refs => this.collect(refs)));
    }
    this.heartbeat = setInterval(() => this.write(': \n\n'), heartbeatMs);
    this.end = setTimeout(() => this.res.end(), this.lifetimeMs());
    stopped.addEventListener('abort', this.onStopped, { once: true });
    if (stopped.aborted) this.res.end();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.end);
    clearInterval(this.heartbeat);
    for (const unsubscribe of this.unsubscribe.splice(0)) unsubscribe();
    this.options.stopped.removeEventListener('abort', this.onStopped);
  }

  private lifetimeMs(): number {
    const { expiresAt } = this.context.credentials as BackstageCredentials;
    const longest = (this.options.maxMinutes ?? 60) * 60_000;
    return expiresAt
      ? Math.max(1_000, Math.min(longest, expiresAt.getTime() - Date.now()))
      : longest;
  }

  private collect(refs: ReadonlySet<string> | '*'): void {
    for (const ref of refs === '*' ? ['*'] : refs) this.waiting.add(ref);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flush().catch(error => {
        // Without knowing what this person may see nothing is told; a new stream asks again.
        this.options.logger.warn(`Event stream ended: ${error.message}`);
        this.res.end();
      });
    }, this.options.coalesceMs ?? 50);
  }

  private async flush(): Promise<void> {
    const refs = [...this.waiting];
    this.waiting.clear();
    if (refs.includes('*')) {
      this.send({ entityRefs: ['*'] });
      return;
    }
    const visible = await this.options.mesh.visibleComponents(this.context);
    const entityRefs = refs.filter(ref => visible.has(ref)).sort();
    if (entityRefs.length > 0) this.send({ entityRefs });
  }

  private send(event: MeshEvent): void {
    this.write(`data: ${JSON.stringify(event)}\n\n`);
  }

  private write(text: string): void {
    if (this.res.writableEnded) return;
    this.res.write(text);
    // Present where compression is on although it was asked not to be.
    (this.res as Response & { flush?: () => void }).flush?.();
  }
}
