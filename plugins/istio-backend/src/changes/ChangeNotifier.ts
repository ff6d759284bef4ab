import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import { pageOf, shortName } from './changeWords';
import type { NewChange } from './types';

type Subject = Pick<
  NewChange,
  'id' | 'entityRef' | 'title' | 'requestedBy' | 'reason' | 'approval'
>;

/** Tells people what waits for them; what cannot be delivered stays in the queue all the same. */
export interface ChangeNotifier {
  approvalDue(change: Subject): Promise<void>;
  /** To who asked for it. */
  decided(
    change: Subject,
    decision: { by: string; words: string; reason?: string },
  ): Promise<void>;
}

/** Options of {@link PortalChangeNotifier}. */
export interface PortalChangeNotifierOptions {
  /** Of the portal's notifications plugin, which need not be installed. */
  notifications: Pick<NotificationService, 'send'>;
  /** Told of every approval that names no owner, beside those who may stand in. */
  approvers: readonly string[];
  logger: LoggerService;
}

/** {@link ChangeNotifier} over the notifications plugin of the portal. */
export class PortalChangeNotifier implements ChangeNotifier {
  static create(options: PortalChangeNotifierOptions): PortalChangeNotifier {
    return new PortalChangeNotifier(options);
  }

  private warned = false;

  private constructor(private readonly options: PortalChangeNotifierOptions) {}

  async approvalDue(change: Subject): Promise<void> {
    const { approvers } = this.options;
    const recipients = (change.approval?.requirements ?? []).flatMap(({ by }) =>
      by.length > 0 ? by : approvers,
    );
    const who = shortName(change.requestedBy.entityRef);
    await this.send({
      recipients,
      exclude: change.requestedBy.entityRef,
      title: `Approval due: ${change.title}`,
      description: `${who}: ${change.reason}`,
      link: `/mesh/approvals?change=${change.id}`,
      scope: change.id,
    });
  }

  async decided(
    change: Subject,
    decision: { by: string; words: string; reason?: string },
  ): Promise<void> {
    await this.send({
      recipients: [change.requestedBy.entityRef],
      title: `${decision.words}: ${change.title}`,
      description: `${shortName(decision.by)}${
        decision.reason ? `: ${decision.reason}` : ''
      }`,
      link: pageOf(change),
      scope: `${change.id}-decided`,
    });
  }

  private async send(message: {
    recipients: string[];
    exclude?: string;
    title: string;
    description: string;
    link: string;
    scope: string;
  }): Promise<void> {
    const { recipients, exclude, ...payload } = message;
    if (recipients.length === 0) {
      return;
    }
    try {
      await this.options.notifications.send({
        recipients: {
          type: 'entity',
          entityRef: [...new Set(recipients)],
          ...(exclude && { excludeEntityRef: exclude }),
        },
        payload: { ...payload, severity: 'normal', topic: 'istio-changes' },
      });
    } catch (error) {
      if (!this.warned) {
        this.warned = true;
        this.options.logger.warn(
          'People cannot be notified of changes that wait for them; is the notifications plugin installed?',
          toError(error) as Error,
        );
      }
    }
  }
}
