import { useCallback, useMemo, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { istioApiRef } from '../../../api';
import { presentFullTime, presentRefName } from '../../../components';
import { ChangeDialogLayout } from '../dialog/ChangeDialog';
import { ChangeFooter } from '../dialog/ChangeFooter';
import {
  JustificationFields,
  type Justification,
} from '../dialog/JustificationFields';
import { SubmissionProblem } from '../dialog/SubmissionProblem';
import dialog from '../dialog/dialog.module.css';
import { FollowLayout } from '../follow/FollowLayout';
import { PreviewPane } from '../preview/PreviewPane';
import preview from '../preview/preview.module.css';
import { usePreview } from '../preview/usePreview';
import { resolveApplyGate } from '../resolveApplyGate';
import { useSubmission } from '../useSubmission';

function RevertFacts(props: { change: Change }) {
  const { change } = props;
  const clusters = new Set(change.operations.map(op => op.object.cluster));
  return (
    <>
      <span className={dialog.subject}>{presentRefName(change.entityRef)}</span>
      {[...clusters].map(cluster => (
        <span key={cluster} className={preview.tag}>
          {cluster}
        </span>
      ))}
    </>
  );
}

function WhatIsReverted(props: { change: Change }) {
  const { change } = props;
  return (
    <div className={dialog.text}>
      <p className={dialog.groupTitle}>{change.title}</p>
      <p>
        By {presentRefName(change.requestedBy.entityRef)},{' '}
        {presentFullTime(change.createdAt)}: {change.reason}
      </p>
    </div>
  );
}

/** Preview of the inverse plan, reason, submission, and then the new change on its way. */
export function RevertContent(props: { change: Change; onClose: () => void }) {
  const { change, onClose } = props;
  const api = useApi(istioApiRef);
  const [why, setWhy] = useState<Justification>({
    reason: '',
    ticket: change.ticket ?? '',
  });
  const subject = useMemo(() => ({ revertOf: change.id }), [change.id]);
  const { state, refetch } = usePreview({
    subject,
    fetchPreview: ({ revertOf }, signal) =>
      api.previewRevert(revertOf, { signal }),
  });
  const planHash = state.kind === 'ready' ? state.preview.plan.hash : '';
  const send = useCallback(
    () =>
      api.revertChange(change.id, {
        reason: why.reason.trim(),
        ...(why.ticket.trim() ? { ticket: why.ticket.trim() } : {}),
        planHash,
      }),
    [api, change.id, why, planHash],
  );
  const { submission, submit, reset } = useSubmission(send);
  const title = 'Revert change';
  const facts = <RevertFacts change={change} />;
  if (submission.kind === 'accepted') {
    return (
      <FollowLayout
        submitted={submission.change}
        title={title}
        facts={facts}
        onClose={onClose}
        onAgain={() => {
          reset();
          void refetch();
        }}
      />
    );
  }
  const apply = async () => {
    await submit();
    // A plan that is no longer the one on the screen is replaced by what is true now.
    void refetch();
  };
  return (
    <ChangeDialogLayout
      title={title}
      facts={facts}
      left={
        <>
          <WhatIsReverted change={change} />
          <JustificationFields
            value={why}
            onChange={setWhy}
            placeholder="What made it necessary"
          />
          {submission.kind === 'refused' && (
            <SubmissionProblem problem={submission.problem} />
          )}
        </>
      }
      right={
        <PreviewPane
          state={state}
          component={presentRefName(change.entityRef)}
          hint="The preview of the way back is being computed."
        />
      }
      footer={
        <ChangeFooter
          gate={resolveApplyGate({ ...why, preview: state })}
          verb="Revert"
          isSending={submission.kind === 'sending'}
          onCancel={onClose}
          onApply={apply}
        />
      }
    />
  );
}
