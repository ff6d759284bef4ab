import type {
  ChangeState,
  KubeObject,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshWriter,
  WriteResult,
} from '@istio-backstage/plugin-istio-node';
import { ulid } from 'ulid';
import type { NewAuditEntry } from '../audit/types';
import { entryOfChange } from './entryOfChange';
import { nameObject } from './changeWords';
import type { OutcomeRecorder } from './OutcomeRecorder';
import { planUndo } from './planUndo';
import { isTakenBack } from './resolveLostAnswer';
import { noteLateWrite, noteUndo } from './settleOperation';
import type { ChangeStore, StoredChange, StoredOperation } from './types';

/** What is to be taken back, and how long that may be. */
export interface UndoRequest {
  change: StoredChange;
  /** Gets `undone` when it is. */
  stored: StoredOperation;
  operation: PlanOperation;
  /** As the API server answered the write. */
  object: KubeObject;
  /** Nothing is sent when the change is in another state, or leased to another process. */
  while: { from: ChangeState[]; leasedTo?: string };
  /** The state in which the change was closed before the write took effect. */
  tooLate?: ChangeState;
}

/** Takes back one object of a change. A write like any other: its intent is committed first. */
export class OperationUndo {
  static create(options: {
    store: ChangeStore;
    writer: MeshWriter;
    recorder: OutcomeRecorder;
    leaseSeconds: number;
  }): OperationUndo {
    return new OperationUndo(options);
  }

  private constructor(
    private readonly options: Parameters<typeof OperationUndo.create>[0],
  ) {}

  /** Answers why it failed; throws when the change is looked after by another process. */
  async run(request: UndoRequest): Promise<string | undefined> {
    const { change, stored, operation, object } = request;
    const { store, leaseSeconds } = this.options;
    const step = planUndo(operation, object);
    const attemptId = ulid();
    if (request.tooLate) noteLateWrite(stored, operation, object);
    const held = await store.update({
      id: change.id,
      ...request.while,
      leaseSeconds: request.while.leasedTo ? leaseSeconds : undefined,
      // Its locks are gone: who sees the objects meanwhile must find the write and its undo here.
      ...(request.tooLate && {
        operations: [
          { ...stored, reached: [...(stored.reached ?? []), { isUndo: true }] },
        ],
      }),
      entries: [
        entryOfChange(change, {
          actor: change.requestedBy.entityRef,
          kind: 'intent',
          payload: { undo: step, attemptId, tooLate: request.tooLate },
        }),
      ],
    });
    if (!held) {
      throw new Error(`Change ${change.id} is looked after by another process`);
    }
    const result = await this.send(change, step, attemptId);
    const undone =
      result.outcome === 'applied' ||
      (result.outcome === 'unknown' &&
        (await isTakenBack(this.options.writer, operation)));
    const message = result.outcome === 'applied' ? undefined : result.message;
    if (undone) noteUndo(stored, step, result);
    else stored.outcome = 'applied';
    const end = { attemptId, object: step.object, outcome: result.outcome };
    await this.record(request, { ...end, message }, undone);
    return undone ? undefined : message;
  }

  private async record(
    request: UndoRequest,
    payload: { message?: string },
    undone: boolean,
  ): Promise<void> {
    const { change, stored } = request;
    const { recorder, store } = this.options;
    const update = (from: ChangeState[], closedAs?: ChangeState) =>
      recorder.record({
        id: change.id,
        from,
        operations: [stored],
        entries: [
          entryOfChange(change, {
            actor: change.requestedBy.entityRef,
            kind: undone ? 'undone' : 'outcome',
            payload,
            event: eventOf(
              { ...request, tooLate: request.tooLate ?? closedAs },
              undone ? undefined : payload.message,
            ),
          }),
        ],
      });
    if (await update(request.while.from)) return;
    // Closed meanwhile by who took this process for dead; what happened then is not what was found.
    const now = await store.get(change.id);
    if (undone && now?.state === 'partial')
      await update([now.state], now.state);
  }

  private send(
    change: StoredChange,
    step: PlanOperation,
    attemptId: string,
  ): Promise<WriteResult> {
    return this.options.writer.write(step, {
      actingUser: change.actingUsers[step.object.cluster],
      changeId: change.id,
      changedBy: change.requestedBy.entityRef,
      attemptId,
      dryRun: false,
    });
  }
}

/** What people read of it; a failure while sending is part of the change's own end. */
function eventOf(
  { operation, tooLate }: UndoRequest,
  failure: string | undefined,
): NewAuditEntry['event'] {
  const name = nameObject(operation.object);
  if (!tooLate) {
    return failure === undefined
      ? { kind: 'undone', text: `Undone: ${name}` }
      : undefined;
  }
  const late = `after the change was closed as ${tooLate}`;
  return failure === undefined
    ? { kind: 'undone', text: `Undone ${late}: ${name}` }
    : {
        kind: 'failed',
        text: `${name} was written ${late}, and it could not be undone: ${failure}`,
      };
}
