import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { ChangeExpirer } from './ChangeExpirer';
import type { ChangeStarter } from './ChangeStarter';
import type { ChangeStore, StoredChange } from './types';

/** For how long one replica has a due change to itself, in seconds. */
const CLAIM_SECONDS = 20;
const AT_ONCE = 20;

/** Options of {@link ChangeTimers}. */
export interface ChangeTimersOptions {
  store: ChangeStore;
  starter: ChangeStarter;
  expirer: ChangeExpirer;
  logger: LoggerService;
  everySeconds: number;
}

/**
 * Acts when the time of a change has come. Times stand in the database and are compared with its clock,
 * so they survive restarts and clock steps of replicas; each due change goes to one of them.
 */
export class ChangeTimers {
  static create(options: ChangeTimersOptions): ChangeTimers {
    return new ChangeTimers(options);
  }

  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;

  private constructor(private readonly options: ChangeTimersOptions) {}

  start(): void {
    this.timer = setInterval(() => {
      void this.run();
    }, this.options.everySeconds * 1000);
    this.timer.unref();
    void this.run();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One look; also what the timer does. Looks never overlap. */
  run(): Promise<void> {
    this.running ??= this.look()
      .catch(error =>
        this.options.logger.warn(
          'Changes whose time has come could not be looked after',
          toError(error) as Error,
        ),
      )
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }

  private async look(): Promise<void> {
    const { starter, expirer } = this.options;
    await this.each(
      { states: ['awaitingApproval'], timer: 'approveUntil' },
      change => starter.end(change, 'lapsed', 'Nobody approved it in time'),
    );
    await this.each(
      { states: ['awaitingApproval', 'scheduled'], timer: 'expiresAt' },
      change =>
        starter.end(
          change,
          'lapsed',
          'Its time was over before it could be applied',
        ),
    );
    await this.each({ states: ['scheduled'], timer: 'applyAt' }, change =>
      starter.start(change),
    );
    await this.each(
      {
        states: ['applied', 'verified', 'unverifiable', 'partial'],
        timer: 'expiresAt',
      },
      change => expirer.takeBack(change),
    );
  }

  private async each(
    due: Pick<Parameters<ChangeStore['claimDue']>[0], 'states' | 'timer'>,
    act: (change: StoredChange) => Promise<unknown>,
  ): Promise<void> {
    const claimed = await this.options.store.claimDue({
      ...due,
      seconds: CLAIM_SECONDS,
      limit: AT_ONCE,
    });
    for (const change of claimed) {
      try {
        await act(change);
      } catch (error) {
        this.options.logger.warn(
          `Change ${change.id} is due and could not be moved on yet`,
          toError(error) as Error,
        );
      }
    }
  }
}
