import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  transition,
  type ChangeTransition,
} from '@istio-backstage/plugin-istio-common';
import type { NewAuditEntry } from '../audit/types';
import { buildStartRecord } from './buildIntentRecord';
import type { ChangeApplier } from './ChangeApplier';
import type { ChangePreflight, PreflightRefusal } from './ChangePreflight';
import type { ChangeSettler } from './ChangeSettler';
import { describeFreeze, type FreezeCalendar } from './FreezeCalendar';
import { lockKeyOf } from './objectLocks';
import type { ChangeStore, StoredChange } from './types';

/** Options of {@link ChangeStarter}. */
export interface ChangeStarterOptions {
  store: ChangeStore;
  preflight: ChangePreflight;
  freezes: FreezeCalendar;
  applier: ChangeApplier;
  settler: ChangeSettler;
  logger: LoggerService;
  owner: string;
  leaseSeconds: number;
  /** Of the guardrails in force now. */
  policyVersion: () => string;
  now: () => number;
}

type End = Extract<
  ChangeTransition,
  'denied' | 'failed' | 'superseded' | 'lapsed'
>;

/** Sends recorded changes: at once, or when what they waited for has come. */
export class ChangeStarter {
  static create(options: ChangeStarterOptions): ChangeStarter {
    return new ChangeStarter(options);
  }

  private constructor(private readonly options: ChangeStarterOptions) {}

  /**
   * Brings a change that is recorded as `applying` and leased to this process to its end. Throws
   * nothing: from here on the record tells what happened, and an error of ours is no refusal.
   */
  async carryThrough(id: string): Promise<void> {
    const { store, applier, settler, logger } = this.options;
    try {
      const stored = await store.get(id);
      if (stored) {
        await applier.apply(stored);
        await settler.settled(id);
      }
    } catch (error) {
      logger.error(
        `Change ${id} was not carried through; recovery will look at its objects`,
        toError(error) as Error,
      );
    }
  }

  /**
   * Sends a scheduled change exactly as it was recorded, after asking the clusters again as who asked
   * for it. What cannot be told now, or an object that another change holds, is tried again at the
   * next look.
   */
  async start(change: StoredChange): Promise<void> {
    const { store, preflight, owner, leaseSeconds, now } = this.options;
    const { approval, plan } = change;
    if (!plan) {
      await this.end(change, 'failed', 'Nothing of its plan is recorded');
      return;
    }
    if (approval && approval.policyVersion !== this.options.policyVersion()) {
      await this.end(
        change,
        'superseded',
        'The guardrails changed since, so the approval no longer counts',
      );
      return;
    }
    const [freeze] = this.options.freezes.activeAt(
      // Not this replica's clock, which may be wrong: all of them keep the same freezes.
      await store.now(),
      change.operations.map(({ object }) => object),
    );
    if (freeze) {
      await store.explainWait({
        id: change.id,
        waitingFor: describeFreeze(freeze),
      });
      return;
    }
    if (change.proposal) {
      await this.hand(change);
      return;
    }
    const { refusals, dryRun } = await preflight.run({
      plan,
      changeId: change.id,
      changedBy: change.requestedBy.entityRef,
      actingUsers: change.actingUsers,
    });
    const end = endOf(refusals);
    if (end) {
      await this.end(change, end.event, end.text);
      return;
    }
    if (refusals.length > 0) {
      return;
    }
    const { begun } = await store.begin({
      id: change.id,
      from: 'scheduled',
      locks: change.operations.map(({ object }) => lockKeyOf(object)),
      lease: { owner, seconds: leaseSeconds },
      entries: [buildStartRecord({ change, dryRun, at: now() })],
    });
    if (begun) {
      await this.carryThrough(change.id);
    }
  }

  /** What goes through Git is looked after by the follower of proposals from here on. */
  private async hand(change: StoredChange): Promise<void> {
    const to = transition(change.state, 'proposed');
    await this.options.store.update({
      id: change.id,
      from: [change.state],
      to,
      releaseLease: true,
      entries: [
        buildStartRecord({ change, dryRun: [], at: this.options.now() }),
      ],
    });
    await this.options.settler.settled(change.id);
  }

  /** Closes a change that waits and will not be sent. False when it moved meanwhile. */
  async end(change: StoredChange, event: End, text: string): Promise<boolean> {
    const to = transition(change.state, event);
    if (!to) {
      return false;
    }
    const kind = event === 'lapsed' ? 'expired' : event;
    const entry: NewAuditEntry = {
      opId: change.id,
      kind,
      occurredAt: this.options.now(),
      actor: 'system',
      target: change.entityRef,
      payload: { state: to, approval: change.approval },
      event: { kind, text },
    };
    const ended = await this.options.store.update({
      id: change.id,
      from: [change.state],
      to,
      operations: change.operations.map(operation => ({
        ...operation,
        outcome: 'notSent',
        auditId: undefined,
      })),
      entries: [entry],
    });
    if (ended) {
      await this.options.settler.settled(change.id);
    }
    return ended;
  }
}

/** What the clusters' answers make of a change that waited; undefined: nothing, or nothing yet. */
function endOf(
  refusals: PreflightRefusal[],
): { event: 'denied' | 'superseded' | 'failed'; text: string } | undefined {
  const textOf = (kind: PreflightRefusal['kind']) =>
    refusals.find(refusal => refusal.kind === kind)?.text;
  const denied = textOf('denied');
  if (denied !== undefined) {
    return { event: 'denied', text: denied };
  }
  const conflict = textOf('conflict');
  if (conflict !== undefined) {
    return {
      event: 'superseded',
      text: `The objects changed since it was looked at. ${conflict}`,
    };
  }
  const failed = textOf('failed');
  return failed === undefined ? undefined : { event: 'failed', text: failed };
}
