import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  hashJson,
  transition,
  type ChangeProposal,
  type ChangeTransition,
} from '@istio-backstage/plugin-istio-common';
import {
  ChangeSinkError,
  type ChangeSink,
  type MeshReader,
  type ProposalStatus,
} from '@istio-backstage/plugin-istio-node';
import { entryOfChange } from '../entryOfChange';
import type { ChangeSettler } from '../ChangeSettler';
import { clustersOf, joinWords } from '../changeWords';
import type { ChangeStore, StoredChange, StoredOperation } from '../types';
import { branchOf, describeProposal } from './describeProposal';
import {
  proposalWord,
  type ProposalDraft,
  type ProposalDrafter,
} from './ProposalDrafter';
import { settleProposed } from './settleProposed';

/** After which time a merged change that no cluster shows is closed. */
const SYNC_DAYS = 7;

/** Options of {@link ProposalKeeper}. */
export interface ProposalKeeperOptions {
  store: ChangeStore;
  drafter: ProposalDrafter;
  reader: Pick<MeshReader, 'snapshot'>;
  settler: ChangeSettler;
  logger: LoggerService;
  owner: string;
  leaseSeconds: number;
  /** Address of the portal's pages. */
  portalUrl: string;
}

/**
 * Brings changes that go through Git from step to step: opened, merged, in the cluster. Each step is
 * looked up at the host or in the watch cache before anything is done, so it may be taken again after a
 * crash, by any replica; a change is looked after by who holds its lease.
 */
export class ProposalKeeper {
  static create(options: ProposalKeeperOptions): ProposalKeeper {
    return new ProposalKeeper(options);
  }

  private constructor(private readonly options: ProposalKeeperOptions) {}

  /**
   * One step, if one is due. The change has to be leased to this owner. Answers whether it waits for a
   * cluster now. Throws nothing.
   */
  async advance(id: string): Promise<boolean> {
    const { store, logger } = this.options;
    try {
      const change = await store.get(id);
      const sink =
        change?.proposal &&
        this.options.drafter.sinkOf(change.proposal.repository);
      if (!change?.proposal) return false;
      if (change.state === 'merged') {
        await this.awaitSync(change, change.proposal);
      } else if (!sink) {
        await this.wait(
          change,
          `No credentials are configured for ${change.proposal.repository}`,
        );
      } else if (change.proposal.number === undefined) {
        await this.open(change, change.proposal, sink);
      } else {
        await this.follow(change, change.proposal, sink);
      }
    } catch (error) {
      logger.warn(
        `The proposal of change ${id} could not be looked after; it is tried again`,
        toError(error) as Error,
      );
    }
    return this.isMerged(id);
  }

  private async isMerged(id: string): Promise<boolean> {
    const change = await this.options.store.get(id).catch(() => undefined);
    return change?.state === 'merged';
  }

  /** Closes the proposal of a change that its requester does not want any more. Throws when the host does. */
  async withdraw({ proposal }: StoredChange): Promise<void> {
    const sink = proposal && this.options.drafter.sinkOf(proposal.repository);
    if (proposal?.number !== undefined && sink) {
      const { repository, number } = proposal;
      await sink.close({ repository, number }).catch(error => {
        throw new Error(troubleAt(repository, error));
      });
    }
  }

  private async open(
    change: StoredChange,
    recorded: ChangeProposal,
    sink: ChangeSink,
  ): Promise<void> {
    const branch = branchOf(change);
    const place = {
      repository: recorded.repository,
      branch: recorded.baseBranch,
      proposalBranch: branch,
    };
    try {
      const present = await sink.find(place);
      if (present) {
        await this.opened(
          change,
          { ...recorded, branch },
          { sink, status: present },
        );
        return;
      }
      const draft =
        change.plan && (await this.options.drafter.draft(change.plan));
      if (!draft || 'problem' in draft) {
        await this.end(change, {
          event: 'superseded',
          kind: 'superseded',
          text: `Not proposed: ${
            draft ? draft.problem : 'its objects do not come from Git any more'
          }`,
        });
        return;
      }
      if (!(await this.recordBytes(change, recorded, draft))) return;
      const status = await sink.propose({
        ...place,
        baseCommit: draft.proposal.baseCommit,
        files: draft.files.map(({ path, text }) => ({ path, text })),
        ...describeProposal(change, this.options.portalUrl),
      });
      await this.opened(
        change,
        { ...draft.proposal, branch },
        { sink, status },
      );
    } catch (error) {
      if (error instanceof ChangeSinkError) {
        await this.end(change, {
          event: 'failed',
          kind: 'failed',
          text: `Not proposed in ${recorded.repository}: ${error.message}`,
        });
        return;
      }
      await this.wait(change, troubleAt(recorded.repository, error));
      throw error;
    }
  }

  /** What goes to the host stands in the log before it does: also when the branch moved since it was asked for. */
  private async recordBytes(
    change: StoredChange,
    recorded: ChangeProposal,
    draft: ProposalDraft,
  ): Promise<boolean> {
    const moved = recorded.baseCommit !== draft.proposal.baseCommit;
    return this.options.store.update({
      id: change.id,
      from: ['proposed'],
      leasedTo: this.options.owner,
      leaseSeconds: this.options.leaseSeconds,
      proposal: { ...draft.proposal, branch: branchOf(change) },
      entries: [
        entryOfChange(change, {
          actor: 'system',
          kind: 'intent',
          payload: {
            proposal: {
              ...draft.proposal,
              branch: branchOf(change),
              files: draft.files.map(({ path, text }) => ({
                path,
                text,
                hash: hashJson(text ?? null),
              })),
            },
            ...(moved && { movedFrom: recorded.baseCommit }),
          },
        }),
      ],
    });
  }

  private async opened(
    change: StoredChange,
    proposal: ChangeProposal,
    { sink, status }: { sink: ChangeSink; status: ProposalStatus },
  ): Promise<void> {
    const { number, url } = status;
    const word = proposalWord(proposal);
    const matched = await this.options.store.update({
      id: change.id,
      from: ['proposed'],
      leasedTo: this.options.owner,
      releaseLease: true,
      proposal: { ...proposal, number, url },
      entries: [
        entryOfChange(change, {
          actor: 'system',
          kind: 'proposed',
          payload: { repository: proposal.repository, number, url },
          event: { kind: 'proposed', text: `Proposed as ${word} ${number}` },
        }),
      ],
    });
    const now = matched ? undefined : await this.options.store.get(change.id);
    if (now && isSurplus(now, number)) {
      await sink.close({ repository: proposal.repository, number });
    }
    await this.options.settler.settled(change.id);
  }

  private async follow(
    change: StoredChange,
    proposal: ChangeProposal,
    sink: ChangeSink,
  ): Promise<void> {
    const { repository, number = 0 } = proposal;
    const status = await sink
      .look({ repository, number })
      .catch(async error => {
        await this.wait(change, troubleAt(repository, error));
        throw error;
      });
    const word = proposalWord(proposal);
    const by = status.by ? ` by ${status.by} at ${sink.name}` : '';
    if (status.state === 'closed') {
      await this.end(change, {
        event: 'declined',
        kind: 'declined',
        text: `The ${word} was closed without a merge${by}`,
      });
    } else if (status.state === 'merged') {
      const merged = await this.move(change, {
        event: 'merged',
        kind: 'merged',
        text: `Merged${by}`,
        payload: { number, mergeCommit: status.mergeCommit, by: status.by },
      });
      const next = merged && (await this.options.store.get(change.id));
      if (next) await this.awaitSync(next, proposal);
    } else {
      await this.wait(
        change,
        status.hasConflicts
          ? `The ${word} conflicts with ${proposal.baseBranch}: resolve it at ${sink.name}, or cancel the change and ask for it anew`
          : `The ${word} is open`,
      );
    }
  }

  /** The owner applies what was merged; the watch tells when. */
  private async awaitSync(
    change: StoredChange,
    proposal: ChangeProposal,
  ): Promise<void> {
    const { reader, store } = this.options;
    const operations = change.operations.map(operation => ({ ...operation }));
    const missing = operations.filter(
      operation => !settleProposed(change, operation, reader),
    );
    if (missing.length > 0) {
      const age = (await store.now()) - change.updatedAt;
      if (age > SYNC_DAYS * 86_400_000) {
        await this.end(change, {
          event: 'superseded',
          kind: 'superseded',
          text: `Merged, but ${joinWords(
            clustersOf(missing),
          )} did not show it within ${SYNC_DAYS} days`,
        });
        return;
      }
      await this.wait(
        change,
        `${proposal.owner} has not applied it in ${joinWords(
          clustersOf(missing),
        )} yet`,
      );
      return;
    }
    await this.move(change, {
      event: 'applied',
      kind: 'applied',
      text: `Applied by ${proposal.owner} in ${joinWords(
        clustersOf(operations),
      )}`,
      payload: {
        operations: operations.map(({ index, object, resourceVersion }) => ({
          index,
          object,
          resourceVersion,
        })),
      },
      operations,
    });
  }

  private async end(
    change: StoredChange,
    end: {
      event: Extract<ChangeTransition, 'declined' | 'superseded' | 'failed'>;
      kind: 'declined' | 'superseded' | 'failed';
      text: string;
    },
  ): Promise<void> {
    await this.move(change, {
      ...end,
      operations: change.operations.map(operation => ({
        ...operation,
        outcome: 'notSent',
      })),
    });
  }

  private async move(
    change: StoredChange,
    step: {
      event: ChangeTransition;
      kind: 'merged' | 'applied' | 'declined' | 'superseded' | 'failed';
      text: string;
      payload?: Record<string, unknown>;
      operations?: StoredOperation[];
    },
  ): Promise<boolean> {
    const to = transition(change.state, step.event);
    const moved =
      to !== undefined &&
      (await this.options.store.update({
        id: change.id,
        from: [change.state],
        to,
        leasedTo: this.options.owner,
        // After the merge the same round looks at the cluster.
        releaseLease: to !== 'merged',
        applied: to === 'applied',
        operations: step.operations,
        entries: [
          entryOfChange(change, {
            actor: 'system',
            kind: step.kind,
            payload: { state: to, ...step.payload },
            event: { kind: step.kind, text: step.text },
          }),
        ],
      }));
    if (moved) await this.options.settler.settled(change.id);
    return moved;
  }

  private async wait(change: StoredChange, waitingFor: string): Promise<void> {
    if (change.waitingFor !== waitingFor) {
      await this.options.store.explainWait({ id: change.id, waitingFor });
    }
  }
}

/** A host's words name no repository. */
function troubleAt(repository: string, error: unknown): string {
  return `${repository}: ${toError(error).message}`;
}

/**
 * It was cancelled while the request was under way; or this process stood still so long that another
 * opened one, which may be merged by now, and the host let this one be opened beside it.
 */
function isSurplus({ state, proposal }: StoredChange, number: number): boolean {
  const isOther = proposal?.number !== undefined && proposal.number !== number;
  return state === 'cancelled' || isOther;
}
