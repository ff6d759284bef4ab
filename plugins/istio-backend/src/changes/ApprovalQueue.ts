import {
  type ApprovalItem,
  type ApprovalList,
  type ApproverVerdict,
  type ChangeState,
} from '@istio-backstage/plugin-istio-common';
import type { MeshReader } from '@istio-backstage/plugin-istio-node';
import type { ApproverDirectory } from './ApproverDirectory';
import type { ChangePresenter } from './ChangePresenter';
import { nameObject } from './changeWords';
import { isSamePerson } from './EmergencyReview';
import { findCached } from './findOverwritten';
import { isBaseMoved } from './isBaseMoved';
import type { ChangeContext, ChangeStore, StoredChange } from './types';

const WAITING: ChangeState[] = ['awaitingApproval', 'scheduled'];
/** A queue longer than this is no queue a person works off. */
const QUEUE_AT_MOST = 200;

/** Options of {@link ApprovalQueue}. */
export interface ApprovalQueueOptions {
  store: Pick<ChangeStore, 'list'>;
  presenter: ChangePresenter;
  directory: ApproverDirectory;
  reader: Pick<MeshReader, 'snapshot'>;
  approvers: readonly string[];
}

/** What waits for a person: approvals, reviews of emergencies, and what the person asked for. */
export class ApprovalQueue {
  static create(options: ApprovalQueueOptions): ApprovalQueue {
    return new ApprovalQueue(options);
  }

  private constructor(private readonly options: ApprovalQueueOptions) {}

  async list(context: ChangeContext): Promise<ApprovalList> {
    const { store } = this.options;
    const [waiting, emergencies] = await Promise.all([
      store.list({ states: WAITING, limit: QUEUE_AT_MOST }),
      store.list({ isReviewDue: true, limit: QUEUE_AT_MOST }),
    ]);
    const found = await Promise.all([
      ...waiting.items.map(change => this.itemFor(change, context)),
      ...emergencies.items.map(change => this.emergencyFor(change, context)),
    ]);
    const mine = found.filter(item => item !== undefined);
    const ofRole = (role: ApprovalItem['role']) =>
      mine.filter(item => item.role === role);
    const forMe = [...ofRole('approver'), ...ofRole('reviewer')];
    return {
      items: [...forMe, ...ofRole('requester')],
      waitingForMe: forMe.length,
    };
  }

  /** Anybody but who did it reviews an emergency. */
  private async emergencyFor(
    change: StoredChange,
    { credentials }: ChangeContext,
  ): Promise<ApprovalItem | undefined> {
    const { directory, presenter } = this.options;
    const person = await directory.describe(
      credentials,
      directory.clustersOf(change),
    );
    const { preview, plan } = change;
    if (
      !preview ||
      !plan ||
      isSamePerson(person, directory.requesterOf(change))
    ) {
      return undefined;
    }
    const [presented] = await presenter.present([change]);
    return {
      change: presented,
      preview: { ...preview, plan },
      role: 'reviewer',
      approve: { allowed: false, why: 'It is applied already' },
      cancel: { allowed: false, why: 'It is applied already' },
    };
  }

  private async itemFor(
    change: StoredChange,
    { credentials }: ChangeContext,
  ): Promise<ApprovalItem | undefined> {
    const { directory, approvers } = this.options;
    const { preview, plan, approval } = change;
    if (!preview || !plan) {
      return undefined;
    }
    const isRequester =
      change.requestedBy.entityRef === credentials.principal.userEntityRef;
    const verdict =
      approval && change.state === 'awaitingApproval'
        ? await directory.judge({ change, approval, approvers, credentials })
        : undefined;
    if (!isRequester && !verdict?.may) {
      return undefined;
    }
    const moved = this.movedInCache(change);
    const [presented] = await this.options.presenter.present([change]);
    return {
      change: presented,
      preview: { ...preview, plan },
      role: isRequester ? 'requester' : 'approver',
      approve: mayApprove(verdict, moved),
      cancel: isRequester
        ? { allowed: true }
        : { allowed: false, why: 'Only who asked for it takes it back' },
    };
  }

  private movedInCache(change: StoredChange): string | undefined {
    const moved = change.plan?.operations.find(operation => {
      const cached = findCached(operation.object, this.options.reader);
      return cached.synced && isBaseMoved(operation, cached.object);
    });
    return (
      moved &&
      `${nameObject(
        moved.object,
      )} changed since it was asked for; a new preview is needed`
    );
  }
}

function mayApprove(
  verdict: ApproverVerdict | undefined,
  moved: string | undefined,
): ApprovalItem['approve'] {
  if (!verdict?.may) {
    return { allowed: false, why: verdict?.why ?? 'Nothing is to be approved' };
  }
  return moved ? { allowed: false, why: moved } : { allowed: true };
}
