import {
  bindIntent,
  invertPlan,
  type ChangeState,
  type Plan,
  type PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import { ulid } from 'ulid';
import type { NewAuditEntry } from '../audit/types';
import { buildIntentRecord } from './buildIntentRecord';
import type { ChangeNotifier } from './ChangeNotifier';
import type { ChangePreflight } from './ChangePreflight';
import type { ChangeStarter } from './ChangeStarter';
import { endSentence } from './changeWords';
import type { LiveSnapshots } from './LiveSnapshots';
import { lockKeyOf } from './objectLocks';
import { operationsInForce } from './operationsInForce';
import type { ChangeStore, NewChange, StoredChange } from './types';

/** Options of {@link ChangeExpirer}. */
export interface ChangeExpirerOptions {
  store: ChangeStore;
  snapshots: LiveSnapshots;
  preflight: ChangePreflight;
  starter: ChangeStarter;
  notifier: ChangeNotifier;
  owner: string;
  leaseSeconds: number;
  now: () => number;
}

/** States of a way back that leave the change in force, or a part of it. */
const FAILED: ChangeState[] = ['denied', 'conflict', 'failed', 'partial'];

/** Why the way back cannot be gone; `later` may be different at the next look. */
type Obstacle = { text: string; later: boolean };

/**
 * Takes back changes whose time is over: the inverse plan on the live objects, as who asked for the
 * change, with the clusters asked again whether this person may. What somebody changed since stays,
 * and the person is told.
 */
export class ChangeExpirer {
  static create(options: ChangeExpirerOptions): ChangeExpirer {
    return new ChangeExpirer(options);
  }

  private constructor(private readonly options: ChangeExpirerOptions) {}

  async takeBack(change: StoredChange): Promise<void> {
    const found = await this.planBack(change);
    if ('text' in found) {
      await this.giveUp(change, found);
      return;
    }
    const revert = revertOf(change, found.plan);
    const { refusals, dryRun } = await this.options.preflight.run({
      plan: found.plan,
      changeId: revert.id,
      changedBy: revert.requestedBy.entityRef,
      actingUsers: revert.actingUsers,
    });
    const refusal = refusals.find(({ kind }) => kind !== 'unavailable');
    if (refusals.length > 0) {
      await this.giveUp(change, {
        text: (refusal ?? refusals[0]).text,
        later: !refusal,
      });
      return;
    }
    const { store, starter, owner, leaseSeconds, now } = this.options;
    const { locked } = await store.insert({
      change: revert,
      locks: revert.operations.map(({ object }) => lockKeyOf(object)),
      lease: { owner, seconds: leaseSeconds },
      entries: [buildIntentRecord({ change: revert, dryRun, at: now() })],
    });
    if (locked) {
      return;
    }
    await starter.carryThrough(revert.id);
    const after = await store.get(revert.id);
    if (after && FAILED.includes(after.state)) {
      await this.giveUp(change, {
        text: `the try is change ${revert.id}`,
        later: false,
      });
    }
  }

  private async planBack(
    change: StoredChange,
  ): Promise<{ plan: Plan } | Obstacle> {
    const operations: PlanOperation[] = operationsInForce(change);
    if (operations.length === 0) {
      return { text: 'Nothing of it is in force', later: false };
    }
    const { result } = await this.options.snapshots.compute({
      clusters: [...new Set(operations.map(({ object }) => object.cluster))],
      compute: each => invertPlan({ operations, snapshots: each }),
      needed: () => operations.map(({ object }) => object),
    });
    if (result.ok) {
      return result.plan.operations.length > 0
        ? { plan: result.plan }
        : { text: 'It is as it was before already', later: false };
    }
    return {
      text: result.problems
        .map(({ message }) => endSentence(message))
        .join(' '),
      later: result.problems.some(({ code }) => code === 'notCurrent'),
    };
  }

  /** The way back failed for good: a person has to decide, so a person is told, once. */
  private async giveUp(change: StoredChange, why: Obstacle): Promise<void> {
    if (why.later) {
      return;
    }
    const text = `Its time is over, and it could not be taken back: ${why.text}`;
    if (await this.stopLooking(change, text)) {
      await this.options.notifier.decided(change, {
        by: 'system',
        words: 'Not taken back',
        reason: why.text,
      });
    }
  }

  /** False when another replica was first, or the change was taken back meanwhile. */
  private stopLooking(change: StoredChange, text: string): Promise<boolean> {
    const entry: NewAuditEntry = {
      opId: change.id,
      kind: 'expired',
      occurredAt: this.options.now(),
      actor: 'system',
      target: change.entityRef,
      payload: { expiresAt: change.expiresAt, text },
      event: { kind: 'expired', text },
    };
    return this.options.store.update({
      id: change.id,
      from: [change.state],
      expiryDone: true,
      entries: [entry],
    });
  }
}

function revertOf(change: StoredChange, plan: Plan): NewChange {
  return {
    id: ulid(),
    entityRef: change.entityRef,
    intentType: 'revert',
    intent: change.intent && bindIntent(change.intent).invert(change.versions),
    title: `end of “${change.title}”`,
    state: 'applying',
    requestedBy: change.requestedBy,
    actingUsers: change.actingUsers,
    reason: `Its time was over: ${change.reason}`,
    ticket: change.ticket,
    planHash: plan.hash,
    plan,
    versions: change.versions.map(version => ({
      ...version,
      before: version.after,
      after: version.before,
      requestsPerSecondBefore: version.requestsPerSecondAfter,
      requestsPerSecondAfter: version.requestsPerSecondBefore,
    })),
    guardrails: [],
    revertOf: change.id,
    operations: plan.operations.map(({ index, object, action, diff }) => ({
      index,
      object,
      action,
      diff,
      outcome: 'pending',
      auditId: ulid(),
    })),
  };
}
