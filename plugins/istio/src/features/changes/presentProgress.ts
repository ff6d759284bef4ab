import {
  formatList,
  type Change,
  type ChangeEvent,
} from '@istio-backstage/plugin-istio-common';

import { presentFullTime } from '../../components';
import { presentApprovers } from './presentApproval';
import { presentProposal, proposalWord } from './presentProposal';

export type StepStatus = 'done' | 'running' | 'waiting' | 'failed' | 'unknown';

/** One step of the way from the request to the traffic. */
export interface ProgressStep {
  key:
    | 'requested'
    | 'approved'
    | 'scheduled'
    | 'proposed'
    | 'merged'
    | 'applied'
    | 'observed'
    | 'verified'
    | 'seen'
    | 'adopted'
    | 'reverted';
  label: string;
  /** What it still waits for. */
  detail?: string;
  /** ISO time when it happened. */
  at?: string;
  status: StepStatus;
}

/** Clusters of a change in the order of its operations, and those where each operation is in force. */
export function countClusters(change: Change): {
  all: string[];
  applied: string[];
} {
  const all = [...new Set(change.operations.map(op => op.object.cluster))];
  const applied = all.filter(cluster =>
    change.operations
      .filter(op => op.object.cluster === cluster)
      .every(op => op.outcome === 'applied'),
  );
  return { all, applied };
}

function firstEvent(
  change: Change,
  kind: ChangeEvent['kind'],
): ChangeEvent | undefined {
  return change.events.find(event => event.kind === kind);
}

const STOPPED: Partial<Record<Change['state'], string>> = {
  denied: 'Denied',
  conflict: 'Not applied, the object was changed meanwhile',
  failed: 'Not applied',
  superseded: 'Not applied, what it was planned on changed meanwhile',
  expired: 'Not applied in time',
};

function appliedStep(change: Change): ProgressStep {
  const { all, applied } = countClusters(change);
  const counted = `Applied in ${applied.length} of ${all.length} ${
    all.length === 1 ? 'cluster' : 'clusters'
  }`;
  const event =
    firstEvent(change, 'applied') ?? firstEvent(change, 'recovered');
  const stopped = STOPPED[change.state];
  if (stopped) {
    const at =
      firstEvent(change, 'denied') ??
      firstEvent(change, 'conflict') ??
      firstEvent(change, 'superseded') ??
      firstEvent(change, 'expired') ??
      firstEvent(change, 'failed');
    return { key: 'applied', label: stopped, at: at?.at, status: 'failed' };
  }
  switch (change.state) {
    case 'planned':
    case 'applying':
      return {
        key: 'applied',
        label: applied.length
          ? counted
          : `Applying in ${formatList(all) || 'the cluster'}`,
        status: 'running',
      };
    case 'partial':
      return {
        key: 'applied',
        label: counted,
        at: event?.at,
        status: 'failed',
      };
    case 'indeterminate':
      return {
        key: 'applied',
        label: `${counted}, no answer from the rest`,
        at: event?.at,
        status: 'unknown',
      };
    default:
      return {
        key: 'applied',
        // Reverting marks operations undone, although they once were in force.
        // Who applied it stands in the record only, where that was not the portal.
        label:
          change.state === 'reverted' || change.proposal
            ? event?.text ?? 'Applied'
            : counted,
        at: event?.at,
        status: 'done',
      };
  }
}

function observedStep(change: Change): ProgressStep {
  const event = firstEvent(change, 'observed');
  if (event || change.state === 'verified') {
    return {
      key: 'observed',
      label: 'Seen by the portal',
      at: event?.at,
      status: 'done',
    };
  }
  return {
    key: 'observed',
    label: 'Seen by the portal',
    status: change.state === 'applied' ? 'running' : 'waiting',
  };
}

function verifiedStep(change: Change): ProgressStep {
  const verified = firstEvent(change, 'verified');
  if (verified) {
    return {
      key: 'verified',
      label: verified.text || 'Seen in traffic',
      at: verified.at,
      status: 'done',
    };
  }
  const unverifiable = firstEvent(change, 'unverifiable');
  if (unverifiable || change.state === 'unverifiable') {
    return {
      key: 'verified',
      label: unverifiable?.text ?? 'Not enough traffic to tell',
      at: unverifiable?.at,
      status: 'unknown',
    };
  }
  const seen = firstEvent(change, 'observed') !== undefined;
  return {
    key: 'verified',
    label: 'Seen in traffic',
    detail: change.waitingFor && `Not yet: ${change.waitingFor}`,
    status: change.state === 'applied' && seen ? 'running' : 'waiting',
  };
}

/** What people said, where they were asked; the last step of a change they ended. */
function peopleSteps(change: Change): ProgressStep[] {
  if (!change.approval) return [];
  const ended =
    firstEvent(change, 'declined') ?? firstEvent(change, 'cancelled');
  const approved = change.events.filter(({ kind }) => kind === 'approved');
  const steps = approved.map<ProgressStep>(({ at, text }) => ({
    key: 'approved',
    label: text,
    at,
    status: 'done',
  }));
  if (ended) {
    return [
      ...steps,
      { key: 'approved', label: ended.text, at: ended.at, status: 'failed' },
    ];
  }
  return change.state === 'awaitingApproval'
    ? [
        ...steps,
        {
          key: 'approved',
          label: 'Approval',
          detail: `Up to ${presentApprovers(change)}`,
          status: 'running',
        },
      ]
    : steps;
}

/** The way through Git: proposed, then merged or closed by who reviews it there. */
function gitSteps(change: Change): ProgressStep[] {
  const { proposal, state } = change;
  if (!proposal) return [];
  const word = proposalWord(proposal);
  const opened = firstEvent(change, 'proposed');
  const merged = firstEvent(change, 'merged');
  const proposed: ProgressStep = {
    key: 'proposed',
    label: opened
      ? `Proposed as ${presentProposal(proposal)}`
      : `Proposed as a ${word}`,
    at: opened?.at,
    status: opened ? 'done' : 'running',
    detail: opened ? undefined : change.waitingFor,
  };
  const ended =
    firstEvent(change, 'declined') ?? firstEvent(change, 'cancelled');
  if (ended) {
    return [
      ...(opened ? [proposed] : []),
      { key: 'merged', label: ended.text, at: ended.at, status: 'failed' },
    ];
  }
  if (STOPPED[state] && !merged) return opened ? [proposed] : [];
  return [
    proposed,
    {
      key: 'merged',
      label: merged?.text ?? `Merged at ${proposal.host}`,
      at: merged?.at,
      status: merged ? 'done' : gitStatus(opened !== undefined),
    },
  ];
}

function gitStatus(isOpen: boolean): StepStatus {
  return isOpen ? 'running' : 'waiting';
}

/** States in which nothing more follows, or nothing yet. */
const ENDS_WITH_PEOPLE: Change['state'][] = ['declined', 'cancelled'];

function waitingStep(change: Change): ProgressStep {
  if (change.proposal) {
    return {
      key: 'applied',
      label: `Applied by ${change.proposal.owner}`,
      detail: change.state === 'merged' ? change.waitingFor : undefined,
      status: change.state === 'merged' ? 'running' : 'waiting',
    };
  }
  return {
    key: 'applied',
    label: change.applyAt
      ? `Applied at ${presentFullTime(change.applyAt)}`
      : 'Applied',
    status: change.state === 'scheduled' ? 'running' : 'waiting',
  };
}

/** Of a change that the portal did not make it knows only what came after. */
function externalSteps({ events }: Change): ProgressStep[] {
  return events.flatMap(({ kind, text, at }): ProgressStep[] =>
    kind === 'seen' || kind === 'adopted' || kind === 'reverted'
      ? [{ key: kind, label: text, at, status: 'done' }]
      : [],
  );
}

/**
 * The steps of a change, oldest first. A change that stopped before it was in force ends with the
 * step that stopped it; one that was taken back ends with `reverted`.
 */
export function presentProgress(change: Change): ProgressStep[] {
  if (change.external) return externalSteps(change);
  const requested: ProgressStep = {
    key: 'requested',
    label: 'Requested',
    at: firstEvent(change, 'requested')?.at ?? change.createdAt,
    status: 'done',
  };
  const before = [requested, ...peopleSteps(change), ...gitSteps(change)];
  if (ENDS_WITH_PEOPLE.includes(change.state)) return before;
  if (
    ['awaitingApproval', 'scheduled', 'proposed', 'merged'].includes(
      change.state,
    )
  ) {
    return [...before, waitingStep(change)];
  }
  const steps = [...before, appliedStep(change)];
  if (STOPPED[change.state]) return steps;
  if (change.state === 'partial' || change.state === 'indeterminate') {
    return steps;
  }
  if (change.state === 'reverted') {
    const later = [observedStep(change), verifiedStep(change)].filter(
      step => step.status === 'done',
    );
    const event =
      firstEvent(change, 'reverted') ?? firstEvent(change, 'undone');
    return [
      ...steps,
      ...later,
      {
        key: 'reverted',
        label: event?.text ?? 'Reverted',
        at: event?.at,
        status: 'done',
      },
    ];
  }
  return [...steps, observedStep(change), verifiedStep(change)];
}
