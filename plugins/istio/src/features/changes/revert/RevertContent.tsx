import type { Change } from '@istio-backstage/plugin-istio-common';
import { Tag, presentFullTime, presentRefName } from '../../../components';
import { ChangeDialogLayout } from '../dialog/ChangeDialog';
import { ChangeFooter } from '../dialog/ChangeFooter';
import { JustificationFields } from '../dialog/JustificationFields';
import { SubmissionProblem } from '../dialog/SubmissionProblem';
import dialog from '../dialog/dialog.module.css';
import { presentWho } from '../external/presentExternal';
import { FollowLayout } from '../follow/FollowLayout';
import { PreviewPane } from '../preview/PreviewPane';
import { useRevert } from './useRevert';

const TITLE = 'Revert change';

function RevertFacts(props: { change: Change }) {
  const { change } = props;
  const clusters = new Set(change.operations.map(op => op.object.cluster));
  return (
    <>
      <span className={dialog.subject}>{presentRefName(change.entityRef)}</span>
      {[...clusters].map(cluster => (
        <Tag key={cluster}>{cluster}</Tag>
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
        {change.external
          ? `${presentWho(change)}, ${presentFullTime(change.createdAt)}.`
          : `By ${presentWho(change)}, ${presentFullTime(change.createdAt)}: ${
              change.reason
            }`}
      </p>
    </div>
  );
}

/** Preview of the inverse plan, reason, submission, and then the new change on its way. */
export function RevertContent(props: { change: Change; onClose: () => void }) {
  const { change, onClose } = props;
  const revert = useRevert(change);
  const { state, submission } = revert;
  const facts = <RevertFacts change={change} />;
  if (submission.kind === 'accepted') {
    return (
      <FollowLayout
        submitted={submission.change}
        title={TITLE}
        facts={facts}
        onClose={onClose}
        onAgain={revert.startAgain}
      />
    );
  }
  return (
    <ChangeDialogLayout
      title={TITLE}
      facts={facts}
      left={
        <>
          <WhatIsReverted change={change} />
          <JustificationFields
            value={revert.why}
            onChange={revert.setWhy}
            hasTimes={false}
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
          onRetry={revert.retryPreview}
        />
      }
      footer={
        <ChangeFooter
          gate={revert.gate}
          verb="Revert"
          isSending={submission.kind === 'sending'}
          onCancel={onClose}
          onApply={revert.apply}
        />
      }
    />
  );
}
