import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  stripServerFields,
  transition,
  type ChangeTransition,
} from '@istio-backstage/plugin-istio-common';
import type { MeshWriter } from '@istio-backstage/plugin-istio-node';
import { entryOfChange } from './entryOfChange';
import { appliedText, clustersOf, joinWords, nameObject } from './changeWords';
import { isTakenBack, resolveLostAnswer } from './resolveLostAnswer';
import type { ChangeStore, StoredChange, StoredOperation } from './types';

/** Options of {@link ChangeRecovery}. */
export interface ChangeRecoveryOptions {
  store: ChangeStore;
  writer: MeshWriter;
  logger: LoggerService;
  owner: string;
  leaseSeconds: number;
  /** How long after its sending a request may still take effect. */
  settleSeconds: number;
}

type End = Extract<
  ChangeTransition,
  'applied' | 'appliedPartly' | 'denied' | 'conflict' | 'failed'
>;

/**
 * Closes changes whose process died while sending, and those whose answer was lost. It only reads
 * clusters: what was not applied is never sent again behind a person's back.
 */
export class ChangeRecovery {
  static create(options: ChangeRecoveryOptions): ChangeRecovery {
    return new ChangeRecovery(options);
  }

  /** Not the name under which this process sends: a slow sender of its own must lose the lease too. */
  private readonly owner: string;

  private constructor(private readonly options: ChangeRecoveryOptions) {
    this.owner = `${options.owner}/recovery`;
  }

  /** Answers the changes it moved. Safe to run in any number of replicas. */
  async run(): Promise<StoredChange[]> {
    const { store, leaseSeconds, logger } = this.options;
    const claimed = await store.claim({
      states: ['applying', 'indeterminate'],
      owner: this.owner,
      seconds: leaseSeconds,
      limit: 20,
    });
    const moved: StoredChange[] = [];
    for (const change of claimed) {
      try {
        if (await this.recover(change)) {
          moved.push(change);
        }
      } catch (error) {
        logger.warn(
          `Change ${change.id} could not be recovered yet`,
          error instanceof Error ? error : undefined,
        );
      }
    }
    return moved;
  }

  private async recover(change: StoredChange): Promise<boolean> {
    const now = await this.options.store.now();
    const operations = change.operations.map(operation => ({ ...operation }));
    for (const operation of operations) {
      await this.look(change, operation, now);
    }
    const unclear = operations.filter(({ outcome }) => outcome === 'unknown');
    if (unclear.length > 0) {
      return this.leaveOpen({ change, operations, unclear, now });
    }
    if (!operations.some(({ outcome }) => outcome === 'applied')) {
      const failed = operations.find(isRefusal);
      return this.close(change, operations, {
        event: failed?.outcome ?? 'failed',
        text: `Not applied: ${joinWords(
          operations.map(({ object }) => nameObject(object)),
        )} ${operations.length === 1 ? 'is' : 'are'} as before`,
      });
    }
    const complete = operations.every(({ outcome }) => outcome === 'applied');
    return this.close(change, operations, {
      event: complete ? 'applied' : 'appliedPartly',
      text: `${appliedText(operations)}, found on the ${
        operations.length === 1 ? 'object' : 'objects'
      } after the answer was lost`,
    });
  }

  /** Brings one operation to what its object says. */
  private async look(
    change: StoredChange,
    operation: StoredOperation,
    now: number,
  ) {
    if (operation.outcome === 'pending' && operation.sentAt === undefined) {
      operation.outcome = 'notSent';
      return;
    }
    if (operation.outcome === 'applied') {
      await this.lookForUndo(change, operation);
      return;
    }
    if (operation.outcome !== 'pending' && operation.outcome !== 'unknown') {
      return;
    }
    const { writer, settleSeconds } = this.options;
    const found = await resolveLostAnswer({ writer, change, operation });
    const settled =
      now - (operation.sentAt ?? change.createdAt) > settleSeconds * 1000;
    if (found.is === 'applied') {
      operation.outcome = 'applied';
      operation.message = `Recovered: ${found.because}`;
      if (operation.action === 'delete') operation.reached = [{}];
      if (found.object) {
        const { uid, generation, resourceVersion } = found.object.metadata;
        operation.resourceVersion = resourceVersion;
        operation.reached = [{ uid, generation, resourceVersion }];
        operation.result = { ...stripServerFields(found.object) };
      }
    } else if (found.is === 'notApplied' && settled) {
      operation.outcome = 'failed';
      operation.message = `Not applied: ${found.because}`;
    } else {
      operation.outcome = 'unknown';
      operation.message = `Not known: ${found.because}`;
    }
  }

  /** A process that died while undoing leaves operations marked as applied that are not any more. */
  private async lookForUndo(change: StoredChange, operation: StoredOperation) {
    if (!change.operations.some(isRefusal)) {
      return;
    }
    const step = change.plan?.operations[operation.index];
    const back = step && (await isTakenBack(this.options.writer, step));
    if (back) {
      operation.outcome = 'undone';
      operation.reached = [...(operation.reached ?? []), { isUndo: true }];
    }
  }

  /** Nothing proves what happened: the change stays open, its objects do not stay locked for ever. */
  private async leaveOpen(options: {
    change: StoredChange;
    operations: StoredOperation[];
    unclear: StoredOperation[];
    now: number;
  }): Promise<boolean> {
    const { change, operations, unclear, now } = options;
    const { store, settleSeconds } = this.options;
    const inFlight = unclear.some(
      ({ sentAt }) => now - (sentAt ?? 0) <= settleSeconds * 1000,
    );
    const first = change.state === 'applying';
    const left = await store.update({
      id: change.id,
      from: [change.state],
      to: 'indeterminate',
      leasedTo: this.owner,
      revision: change.revision,
      operations,
      releaseLocks: !inFlight,
      // The lease runs out by itself; until then no replica asks the clusters again.
      entries: first
        ? [
            entryOfChange(change, {
              actor: 'system',
              kind: 'indeterminate',
              payload: { operations: operations.map(summary) },
              event: {
                kind: 'failed',
                text: `No proof of what happened in ${joinWords(
                  clustersOf(unclear),
                )}`,
              },
            }),
          ]
        : [],
    });
    return left && first;
  }

  private async close(
    change: StoredChange,
    operations: StoredOperation[],
    end: { event: End; text: string },
  ): Promise<boolean> {
    const to = transition(change.state, end.event);
    if (!to) {
      return false;
    }
    const recovered = end.event === 'applied' || end.event === 'appliedPartly';
    return this.options.store.update({
      id: change.id,
      from: [change.state],
      to,
      leasedTo: this.owner,
      // An answer that came in meanwhile is looked at first.
      revision: change.revision,
      operations,
      applied: to === 'applied',
      releaseLocks: true,
      releaseLease: true,
      entries: [
        entryOfChange(change, {
          actor: 'system',
          kind: recovered ? 'recovered' : eventKindOf(end.event),
          payload: { state: to, operations: operations.map(summary) },
          event: {
            kind: recovered ? 'recovered' : eventKindOf(end.event),
            text: end.text,
          },
        }),
      ],
    });
  }
}

function isRefusal(operation: StoredOperation): operation is StoredOperation & {
  outcome: 'denied' | 'conflict' | 'failed';
} {
  return ['denied', 'conflict', 'failed'].includes(operation.outcome);
}

function eventKindOf(end: End): 'denied' | 'conflict' | 'failed' {
  return end === 'denied' || end === 'conflict' ? end : 'failed';
}

function summary({
  index,
  object,
  outcome,
  message,
  auditId,
}: StoredOperation) {
  return { index, object, outcome, message, auditId };
}
