import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ChangeStore, ChangeUpdate } from './types';

const TRIES = 5;

/** Writes down what became of a request: a few times, and what still fails is left to recovery, which reads the objects. */
export class OutcomeRecorder {
  static create(options: {
    store: ChangeStore;
    logger: LoggerService;
    /** Passes the time until the next try. */
    wait?: (milliseconds: number) => Promise<void>;
  }): OutcomeRecorder {
    return new OutcomeRecorder(options);
  }

  private constructor(
    private readonly options: Parameters<typeof OutcomeRecorder.create>[0],
  ) {}

  /** Whether the change was in the state it was recorded for. Throws what the last try threw. */
  async record(update: ChangeUpdate): Promise<boolean> {
    const { store, logger, wait = sleep } = this.options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await store.update(update);
      } catch (error) {
        logger.error(
          `The outcome of change ${update.id} could not be recorded (try ${attempt})`,
          error instanceof Error ? error : undefined,
        );
        if (attempt >= TRIES) {
          throw error;
        }
        await wait(50 * 2 ** attempt);
      }
    }
  }
}
