import {
  collectRequirements,
  hashApproval,
  type ChangeApproval,
} from '@istio-backstage/plugin-istio-common';
import { buildRequestRecord } from './buildIntentRecord';
import type { ChangeDraft } from './ChangeDrafter';
import type { ChangeNotifier } from './ChangeNotifier';
import type { PreflightResult } from './ChangePreflight';
import { presentPreview } from './presentPreview';
import type { ChangeContext, ChangeStore, NewChange } from './types';

/** Options of {@link ApprovalDesk}. */
export interface ApprovalDeskOptions {
  store: Pick<ChangeStore, 'insert'>;
  notifier: ChangeNotifier;
  policyVersion: () => string;
  /** After which time a change that nobody approved closes itself. */
  waitSeconds: number;
  now: () => number;
}

/** Takes in changes that wait for other people or their time, with everything an approval will be bound to. */
export class ApprovalDesk {
  static create(options: ApprovalDeskOptions): ApprovalDesk {
    return new ApprovalDesk(options);
  }

  private constructor(private readonly options: ApprovalDeskOptions) {}

  isNeededFor(change: Pick<NewChange, 'guardrails' | 'applyAt'>): boolean {
    return (
      change.applyAt !== undefined ||
      collectRequirements(change.guardrails).length > 0
    );
  }

  /** Records the change as waiting; its objects are not locked meanwhile. Throws when the database does. */
  async queue(options: {
    change: NewChange;
    draft: ChangeDraft;
    checked: PreflightResult;
    context: ChangeContext;
  }): Promise<void> {
    const { change, draft, checked, context } = options;
    const { store, notifier, waitSeconds, now } = this.options;
    const at = now();
    const { plan: _, ...preview } = presentPreview({ draft, checked, at });
    const approval = this.approvalOf(change);
    const waiting: NewChange = {
      ...change,
      state: approval ? 'awaitingApproval' : 'scheduled',
      preview,
      approval,
    };
    await store.insert({
      change: waiting,
      locks: [],
      approveWithinSeconds: approval && waitSeconds,
      entries: [
        buildRequestRecord({
          change: waiting,
          dryRun: checked.dryRun,
          address: context.request?.ip,
          at,
        }),
      ],
    });
    if (approval) {
      await notifier.approvalDue(waiting);
    }
  }

  private approvalOf(change: NewChange): ChangeApproval | undefined {
    const requirements = collectRequirements(change.guardrails);
    if (requirements.length === 0) {
      return undefined;
    }
    const policyVersion = this.options.policyVersion();
    return {
      requirements,
      decisions: [],
      policyVersion,
      hash: hashApproval({
        changeId: change.id,
        entityRef: change.entityRef,
        requester: change.requestedBy.entityRef,
        planHash: change.planHash ?? '',
        policyVersion,
        applyAt: change.applyAt,
        expiresAt: change.expiresAt,
      }),
    };
  }
}
