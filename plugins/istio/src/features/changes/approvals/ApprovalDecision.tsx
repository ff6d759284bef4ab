import { useApi } from '@backstage/core-plugin-api';
import type { ApprovalItem } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../../api';
import { Note } from '../../../components';
import { presentSentForApproval } from '../presentApproval';
import { sentences } from '../presentWords';
import { CancelChange } from './CancelChange';
import { DecisionForm } from './DecisionForm';

/** What the signed-in person can do about a change in the queue. */
export function ApprovalDecision(props: {
  item: ApprovalItem;
  /** Then it may be in the queue no more. */
  onDone: () => void;
}) {
  const { item, onDone } = props;
  const { change, approve, role } = item;
  const api = useApi(istioApiRef);
  if (role === 'requester') {
    return <CancelChange change={change} onDone={onDone} />;
  }
  if (role === 'reviewer') {
    return <ReviewDecision change={change} onDone={onDone} />;
  }
  const decline = {
    verb: 'Decline',
    done: 'Declined.',
    needsReason: true,
    send: (reason: string) => api.declineChange(change.id, { reason }),
  };
  if (!approve.allowed) {
    return (
      <>
        <Note tone="warn">
          <strong>It cannot be approved.</strong> {sentences(approve.why)}
        </Note>
        <DecisionForm
          hint="It may be declined"
          actions={[decline]}
          onDone={onDone}
        />
      </>
    );
  }
  return (
    <DecisionForm
      hint={whatFollows(item)}
      onDone={onDone}
      placeholder="What you looked at, or why not"
      actions={[
        {
          verb: 'Approve',
          done: 'Approved.',
          needsReason: false,
          isPrimary: true,
          send: reason =>
            api.approveChange(change.id, {
              approvalHash: change.approval?.hash ?? '',
              ...(reason ? { reason } : {}),
            }),
        },
        decline,
      ]}
    />
  );
}

function ReviewDecision(props: {
  change: ApprovalItem['change'];
  onDone: () => void;
}) {
  const { id } = props.change;
  const api = useApi(istioApiRef);
  return (
    <DecisionForm
      hint="It was made in an emergency; your word closes its review"
      onDone={props.onDone}
      placeholder="What you found"
      actions={[
        {
          verb: 'Accept',
          done: 'Reviewed.',
          needsReason: true,
          isPrimary: true,
          send: reason => api.reviewChange(id, { verdict: 'accepted', reason }),
        },
        {
          verb: 'Object',
          done: 'Reviewed.',
          needsReason: true,
          send: reason => api.reviewChange(id, { verdict: 'objected', reason }),
        },
      ]}
    />
  );
}

function whatFollows({ change }: ApprovalItem): string {
  const { approval, actsAs, requestedBy } = change;
  const others = (approval?.requirements.length ?? 0) > 1;
  return others
    ? presentSentForApproval(
        approval?.requirements ?? [],
        actsAs?.user ?? requestedBy.entityRef,
      )
    : `Once approved it runs as ${actsAs?.user ?? requestedBy.entityRef}.`;
}
