import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  transition,
  type ChangeState,
  type ChangeTransition,
  type KubeObject,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshWriter,
  WriteResult,
} from '@istio-backstage/plugin-istio-node';
import type { NewAuditEntry } from '../audit/types';
import { entryOfChange } from './entryOfChange';
import { appliedText, endSentence, nameObject } from './changeWords';
import { OperationUndo } from './OperationUndo';
import { OutcomeRecorder } from './OutcomeRecorder';
import { resolveLostAnswer } from './resolveLostAnswer';
import { settle } from './settleOperation';
import type { ChangeStore, StoredChange, StoredOperation } from './types';

/** Options of {@link ChangeApplier}. */
export interface ChangeApplierOptions {
  store: ChangeStore;
  writer: MeshWriter;
  logger: LoggerService;
  /** Name of this process in leases. */
  owner: string;
  leaseSeconds: number;
  /** Milliseconds of a clock that nobody sets. */
  elapsed?: () => number;
  /** Passes the time until an outcome is recorded again. */
  wait?: (milliseconds: number) => Promise<void>;
}

/** An operation that is in force, with the whole object as the API server answered it. */
interface Applied {
  operation: PlanOperation;
  object: KubeObject;
}

/** For how long an announced request is sure to be nobody else's business. */
const FRESH_MS = 10_000;

/** States of a change of which some object, or none, is in force. */
const CLOSED_WITHOUT: ChangeState[] = [
  'denied',
  'conflict',
  'failed',
  'partial',
];

/** What ended the sending. */
interface Stop {
  event: Extract<
    ChangeTransition,
    'denied' | 'conflict' | 'failed' | 'answerLost'
  >;
  text: string;
}

/**
 * Sends a recorded change, object after object. Before each request the lease and the time of
 * sending are committed, after each answer the outcome; what this process does not get to write
 * down, recovery finds on the objects.
 */
export class ChangeApplier {
  static create(options: ChangeApplierOptions): ChangeApplier {
    return new ChangeApplier(options);
  }

  private readonly recorder: OutcomeRecorder;
  private readonly operationUndo: OperationUndo;

  private constructor(private readonly options: ChangeApplierOptions) {
    this.recorder = OutcomeRecorder.create(options);
    this.operationUndo = OperationUndo.create({
      ...options,
      recorder: this.recorder,
    });
  }

  /** The change must be recorded as `applying` and leased to this owner. Resolves when it is not any more. */
  async apply(change: StoredChange): Promise<void> {
    const operations = change.operations.map(operation => ({ ...operation }));
    const applied: Applied[] = [];
    let stop: Stop | undefined;
    for (const step of change.plan?.operations ?? []) {
      const operation = operations[step.index];
      // In force since an earlier try of this change, whose rest is sent now.
      if (operation.outcome === 'applied') continue;
      if (stop) {
        operation.outcome = 'notSent';
        continue;
      }
      await this.announce(change, operation);
      const result = await this.send(change, step, operation);
      settle(operation, step, result);
      const isOpen = await this.record(change, operation);
      if (result.outcome === 'applied') {
        if (!isOpen) {
          await this.withdraw(change, {
            operation: step,
            object: result.object,
          });
          return;
        }
        applied.push({ operation: step, object: result.object });
      } else {
        stop = stopFor(operation, result);
      }
    }
    await this.finish({ change, operations, applied, stop });
  }

  /** Commits that the request is about to go out. Throws when the lease is lost: nothing is sent then. */
  private async announce(change: StoredChange, operation: StoredOperation) {
    const { elapsed = () => performance.now() } = this.options;
    let since: number;
    do {
      since = elapsed();
      await this.announceOnce(change, operation);
      // A process that stood still meanwhile may be thought dead by now.
    } while (elapsed() - since > FRESH_MS);
  }

  private async announceOnce(change: StoredChange, operation: StoredOperation) {
    operation.sentAt = await this.options.store.now();
    const held = await this.options.store.update({
      id: change.id,
      from: ['applying'],
      leasedTo: this.options.owner,
      leaseSeconds: this.options.leaseSeconds,
      operations: [operation],
      entries: [],
    });
    if (!held) {
      throw new Error(
        `Change ${change.id} is looked after by another process; ${nameObject(
          operation.object,
        )} was not sent`,
      );
    }
  }

  private async send(
    change: StoredChange,
    step: PlanOperation,
    operation: StoredOperation,
  ): Promise<WriteResult> {
    const { writer } = this.options;
    const result = await writer.write(step, {
      actingUser: change.actingUsers[step.object.cluster],
      changeId: change.id,
      changedBy: change.requestedBy.entityRef,
      attemptId: operation.auditId ?? '',
      dryRun: false,
    });
    if (result.outcome !== 'unknown') {
      return result;
    }
    const found = await resolveLostAnswer({ writer, change, operation });
    return found.is === 'applied' && found.object
      ? {
          outcome: 'applied',
          status: 0,
          object: found.object,
          warnings: [
            'The answer was lost; the object carries the id of this change',
          ],
        }
      : result;
  }

  /** False when another process has closed the change meanwhile. */
  private async record(
    change: StoredChange,
    operation: StoredOperation,
  ): Promise<boolean> {
    return this.recorder.record({
      id: change.id,
      from: ['applying'],
      operations: [operation],
      entries: [
        entryOfChange(change, {
          actor: change.requestedBy.entityRef,
          kind: 'outcome',
          payload: { operation: withoutResult(operation) },
        }),
      ],
    });
  }

  /**
   * This process stood still so long that another one looked, found nothing of the write and closed the
   * change; then it took effect. What the record says is made true again.
   */
  private async withdraw(change: StoredChange, effect: Applied) {
    const now = await this.options.store.get(change.id);
    const stored = now?.operations[effect.operation.index];
    if (!now || !stored || !CLOSED_WITHOUT.includes(now.state)) return;
    // Who closed it found the write after all.
    if (stored.outcome === 'applied') return;
    await this.operationUndo.run({
      change: now,
      stored,
      ...effect,
      while: { from: [now.state] },
      tooLate: now.state,
    });
  }

  private async finish(options: {
    change: StoredChange;
    operations: StoredOperation[];
    applied: Applied[];
    stop?: Stop;
  }) {
    const { change, operations, applied, stop } = options;
    if (!stop) {
      await this.close(change, operations, {
        event: 'applied',
        entry: { kind: 'applied', text: appliedText(operations) },
      });
      return;
    }
    if (stop.event === 'answerLost') {
      await this.close(change, operations, {
        event: 'answerLost',
        entry: { kind: 'failed', text: stop.text },
      });
      return;
    }
    const undone = await this.undo(change, operations, applied);
    await this.close(
      change,
      operations,
      undone.ok && !operations.some(({ outcome }) => outcome === 'applied')
        ? { event: stop.event, entry: { kind: stop.event, text: stop.text } }
        : {
            event: 'appliedPartly',
            entry: {
              kind: 'failed',
              text: `${endSentence(stop.text)} ${undone.text}`.trim(),
            },
          },
    );
  }

  /** Takes back what is in force, last first. */
  private async undo(
    change: StoredChange,
    operations: StoredOperation[],
    applied: Applied[],
  ): Promise<{ ok: boolean; text: string }> {
    const failures: string[] = [];
    for (const each of [...applied].reverse()) {
      const stored = operations[each.operation.index];
      const failure = await this.operationUndo.run({
        change,
        stored,
        ...each,
        while: { from: ['applying'], leasedTo: this.options.owner },
      });
      if (failure) {
        failures.push(
          `${nameObject(stored.object)} could not be undone: ${failure}`,
        );
      }
    }
    return { ok: failures.length === 0, text: failures.join('. ') };
  }

  private async close(
    change: StoredChange,
    operations: StoredOperation[],
    end: {
      event: ChangeTransition;
      entry: {
        kind: 'applied' | 'denied' | 'conflict' | 'failed';
        text: string;
      };
    },
  ) {
    const to = transition('applying', end.event);
    await this.recorder.record({
      id: change.id,
      from: ['applying'],
      to,
      operations,
      applied: to === 'applied',
      // While an answer is missing the request may still take effect: nobody else writes meanwhile.
      releaseLocks: to !== 'indeterminate',
      releaseLease: true,
      entries: [
        entryOfChange(change, {
          actor: change.requestedBy.entityRef,
          kind: entryKindOf(end.event, end.entry.kind),
          payload: { state: to },
          event: end.entry,
        }),
      ],
    });
  }
}

function stopFor(operation: StoredOperation, result: WriteResult): Stop {
  const text = result.outcome === 'applied' ? '' : result.message;
  switch (result.outcome) {
    case 'denied':
    case 'conflict':
    case 'failed':
      return {
        event: result.outcome,
        text: `${nameObject(operation.object)}: ${text}`,
      };
    default:
      return {
        event: 'answerLost',
        text: `${endSentence(text)} Whether ${nameObject(
          operation.object,
        )} was changed is not known yet`,
      };
  }
}

function entryKindOf(
  event: ChangeTransition,
  kind: 'applied' | 'denied' | 'conflict' | 'failed',
): NewAuditEntry['kind'] {
  switch (event) {
    case 'answerLost':
      return 'indeterminate';
    case 'appliedPartly':
      return 'partial';
    default:
      return kind;
  }
}

function withoutResult({ result: _, ...operation }: StoredOperation) {
  return operation;
}
