import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import type { ChangeStore } from '../types';
import type { ProposalKeeper } from './ProposalKeeper';

/** Options of {@link ProposalFollower}. */
export interface ProposalFollowerOptions {
  store: Pick<ChangeStore, 'claim'>;
  keeper: ProposalKeeper;
  reader: Pick<MeshReader, 'onChange'>;
  logger: LoggerService;
  owner: string;
  /** How often the host is asked about one change. */
  pollSeconds: number;
}

/**
 * Looks after changes that go through Git, at an interval and when a watch shows something new. Every
 * replica runs one; the database shares out the changes, and a lease is the pause until the next look.
 */
export class ProposalFollower {
  static create(options: ProposalFollowerOptions): ProposalFollower {
    return new ProposalFollower(options);
  }

  private timer?: NodeJS.Timeout;
  private unsubscribe?: () => void;
  private running?: Promise<void>;
  /** Merged changes that this replica looks after, which a watch event may finish. */
  private readonly merged = new Set<string>();

  private constructor(private readonly options: ProposalFollowerOptions) {}

  start(): void {
    const { reader, pollSeconds } = this.options;
    this.timer = setInterval(() => {
      void this.run();
    }, pollSeconds * 1000);
    this.timer.unref();
    this.unsubscribe = reader.onChange(() => {
      if (this.merged.size > 0) void this.run(() => this.advance(this.merged));
    });
    void this.run();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.unsubscribe?.();
    await this.running;
  }

  /** One round; rounds do not overlap. */
  run(round = () => this.look()): Promise<void> {
    this.running ??= round()
      .catch(error =>
        this.options.logger.warn(
          'Proposed changes could not be looked after',
          toError(error) as Error,
        ),
      )
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  private async look(): Promise<void> {
    const { store, owner, pollSeconds } = this.options;
    const due = await store.claim({
      states: ['proposed', 'merged'],
      owner,
      seconds: pollSeconds * 0.8,
      limit: 50,
    });
    this.merged.clear();
    await this.advance(due.map(({ id }) => id));
  }

  private async advance(ids: Iterable<string>): Promise<void> {
    for (const id of [...ids]) {
      const waits = await this.options.keeper.advance(id);
      if (waits) this.merged.add(id);
      else this.merged.delete(id);
    }
  }
}
