import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import type {
  ApprovalPerson,
  ReviewRequest,
} from '@istio-backstage/plugin-istio-common';
import type { ApproverDirectory } from './ApproverDirectory';
import type { ChangeNotifier } from './ChangeNotifier';
import type { ChangeSettler } from './ChangeSettler';
import { shortName } from './changeWords';
import type { ChangeStore, StoredChange } from './types';

/** Options of {@link EmergencyReview}. */
export interface EmergencyReviewOptions {
  store: Pick<ChangeStore, 'update' | 'now'>;
  settler: ChangeSettler;
  notifier: ChangeNotifier;
  directory: ApproverDirectory;
  now: () => number;
}

/** Takes what somebody else says afterwards of a change that went past approval and freezes. */
export class EmergencyReview {
  static create(options: EmergencyReviewOptions): EmergencyReview {
    return new EmergencyReview(options);
  }

  private constructor(private readonly options: EmergencyReviewOptions) {}

  async review(
    change: StoredChange,
    { verdict, reason }: ReviewRequest,
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<void> {
    const { store, settler, notifier, directory, now } = this.options;
    if (!change.breakGlass || change.breakGlass.review) {
      throw new ConflictError('No review of it is due');
    }
    const person = await directory.describe(
      credentials,
      directory.clustersOf(change),
    );
    if (isSamePerson(person, directory.requesterOf(change))) {
      throw new NotAllowedError('You made it, so somebody else reviews it');
    }
    const by = person.entityRef;
    const words = verdict === 'accepted' ? 'Accepted' : 'Objected to';
    const matched = await store.update({
      id: change.id,
      from: [change.state],
      reviewed: {
        ...change.breakGlass,
        review: { by, verdict, reason, at: new Date(now()).toISOString() },
      },
      entries: [
        {
          opId: change.id,
          kind: 'reviewed',
          occurredAt: now(),
          actor: by,
          target: change.entityRef,
          payload: {
            verdict,
            reason,
            reviewBy: change.breakGlass.reviewBy,
            isOverdue: (await store.now()) > change.breakGlass.reviewBy,
          },
          event: {
            kind: 'reviewed',
            text: `${words} in the review by ${shortName(by)}: ${reason}`,
          },
        },
      ],
    });
    if (!matched) {
      throw new ConflictError(
        'It moved meanwhile, or somebody reviewed it. Look again',
      );
    }
    await settler.settled(change.id);
    await notifier.decided(change, {
      by,
      words: `${words} in the review`,
      reason,
    });
  }
}

/** One person, also under two portal identities that act in the clusters under one name. */
export function isSamePerson(
  person: Pick<ApprovalPerson, 'entityRef' | 'clusterUsers'>,
  other: Pick<ApprovalPerson, 'entityRef' | 'clusterUsers'>,
): boolean {
  return (
    person.entityRef === other.entityRef ||
    person.clusterUsers.some(user => other.clusterUsers.includes(user))
  );
}
