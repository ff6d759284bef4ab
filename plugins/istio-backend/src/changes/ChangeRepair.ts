import {
  ConflictError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  transition,
  type FinishRequest,
  type ResolveRequest,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import { buildStartRecord } from './buildIntentRecord';
import type { ChangePreflight } from './ChangePreflight';
import type { ChangeSettler } from './ChangeSettler';
import type { ChangeStarter } from './ChangeStarter';
import { nameObject, shortName } from './changeWords';
import { lockKeyOf } from './objectLocks';
import type { ChangeStore, StoredChange, StoredOperation } from './types';

/** Options of {@link ChangeRepair}. */
export interface ChangeRepairOptions {
  store: ChangeStore;
  preflight: ChangePreflight;
  starter: ChangeStarter;
  settler: ChangeSettler;
  owner: string;
  leaseSeconds: number;
  now: () => number;
}

/** Brings changes on that stopped half-way: the rest of a partial one, the end of one that nothing proves. */
export class ChangeRepair {
  static create(options: ChangeRepairOptions): ChangeRepair {
    return new ChangeRepair(options);
  }

  private constructor(private readonly options: ChangeRepairOptions) {}

  /**
   * Sends what is not in force yet, with the bytes that were recorded and as who asked for the change.
   * What is in force stays; if the rest fails again the change is partial as before.
   */
  async finish(
    change: StoredChange,
    { reason }: FinishRequest,
    by: string,
  ): Promise<void> {
    const { store, preflight, starter, owner, leaseSeconds, now } =
      this.options;
    const missing = change.operations.filter(
      ({ outcome }) => outcome !== 'applied',
    );
    if (change.state !== 'partial' || !change.plan || missing.length === 0) {
      throw new ConflictError('Nothing of it is left to be finished');
    }
    const operations = change.plan.operations.filter(({ index }) =>
      missing.some(each => each.index === index),
    );
    const { refusals, dryRun } = await preflight.run({
      plan: { ...change.plan, operations },
      changeId: change.id,
      changedBy: change.requestedBy.entityRef,
      actingUsers: change.actingUsers,
    });
    const [refusal] = refusals;
    if (refusal) {
      throw errorOf(refusal);
    }
    const renewed: StoredChange = {
      ...change,
      operations: change.operations.map(operation =>
        operation.outcome === 'applied' ? operation : sendAgain(operation),
      ),
    };
    const { begun, locked } = await store.begin({
      id: change.id,
      from: 'partial',
      locks: change.operations.map(({ object }) => lockKeyOf(object)),
      lease: { owner, seconds: leaseSeconds },
      operations: renewed.operations,
      entries: [
        {
          ...buildStartRecord({ change: renewed, dryRun, at: now() }),
          actor: by,
          event: {
            kind: 'resumed',
            text: `Finished by ${shortName(by)}: ${reason}`,
          },
        },
      ],
    });
    if (locked) {
      throw new ConflictError(
        `Another change (${locked.changeId}) is being applied to the same object. Nothing was sent`,
      );
    }
    if (!begun) {
      throw new ConflictError('It is not partial any more');
    }
    await starter.carryThrough(change.id);
  }

  /** Closes a change that nothing proves with what a person found; never guesses, never sends. */
  async resolve(
    change: StoredChange,
    { found, reason }: ResolveRequest,
    by: string,
  ): Promise<void> {
    const event = eventOf(change, found);
    const to = transition(change.state, event);
    if (change.state !== 'indeterminate' || !to) {
      throw new ConflictError('Its outcome is known');
    }
    const closed = await this.options.store.update({
      id: change.id,
      from: ['indeterminate'],
      to,
      applied: to === 'applied',
      releaseLocks: true,
      releaseLease: true,
      operations: change.operations.map(operation =>
        isOpen(operation)
          ? {
              ...operation,
              outcome: found === 'inForce' ? 'applied' : 'failed',
              message: `Found by ${shortName(by)}: ${reason}`,
            }
          : operation,
      ),
      entries: [
        {
          opId: change.id,
          kind: 'resolved',
          occurredAt: this.options.now(),
          actor: by,
          target: change.entityRef,
          payload: {
            found,
            reason,
            state: to,
            objects: change.operations
              .filter(isOpen)
              .map(({ object }) => nameObject(object)),
          },
          event: {
            kind: 'resolved',
            text: `${
              found === 'inForce' ? 'In force' : 'Not in force'
            }, says ${shortName(by)}: ${reason}`,
          },
        },
      ],
    });
    if (!closed) {
      throw new ConflictError('Its outcome is known');
    }
    await this.options.settler.settled(change.id);
  }
}

function isOpen({ outcome }: StoredOperation): boolean {
  return outcome === 'unknown' || outcome === 'pending';
}

function eventOf(change: StoredChange, found: ResolveRequest['found']) {
  const others = change.operations.filter(operation => !isOpen(operation));
  const inForce = others.filter(({ outcome }) => outcome === 'applied').length;
  if (found === 'inForce') {
    return inForce === others.length ? 'applied' : 'appliedPartly';
  }
  return inForce > 0 ? 'appliedPartly' : 'failed';
}

function sendAgain({
  index,
  object,
  action,
  diff,
}: StoredOperation): StoredOperation {
  return { index, object, action, diff, outcome: 'pending', auditId: ulid() };
}

function errorOf({ kind, text }: { kind: string; text: string }): Error {
  switch (kind) {
    case 'denied':
      return new NotAllowedError(text);
    case 'unavailable':
      return new ServiceUnavailableError(`${text}. Nothing was sent`);
    default:
      return new ConflictError(
        `The rest cannot be sent any more: ${text}. Undo the part that is in force instead`,
      );
  }
}
