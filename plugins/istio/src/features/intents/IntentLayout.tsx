import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '@backstage/ui';
import type { Change, ObjectRef } from '@istio-backstage/plugin-istio-common';
import { Note, presentRefName } from '../../components';
import { ChangeDialogLayout } from '../changes/dialog/ChangeDialog';
import { ChangeFooter } from '../changes/dialog/ChangeFooter';
import { ConflictNote } from '../changes/dialog/ConflictNote';
import {
  JustificationFields,
  type Justification,
} from '../changes/dialog/JustificationFields';
import { KeptAsIs } from '../changes/dialog/KeptAsIs';
import { EmergencyField } from '../changes/dialog/EmergencyField';
import { SubmissionProblem } from '../changes/dialog/SubmissionProblem';
import dialog from '../changes/dialog/dialog.module.css';
import { FollowLayout } from '../changes/follow/FollowLayout';
import { PreviewPane } from '../changes/preview/PreviewPane';
import { presentObject } from '../changes/presentOutcome';
import { RevertDialog } from '../changes/revert/RevertDialog';
import type { IntentChange } from './useIntentChange';

/** What an intent's dialog shows, its form aside all alike. */
export interface IntentLayoutProps {
  title: string;
  entityRef: string;
  /** Beside the title: what is changed, where. */
  facts: ReactNode;
  /** The form's own fields. */
  form: ReactNode;
  why: { value: Justification; onChange: (value: Justification) => void };
  change: IntentChange;
  /** The object that the form edits, and where in it; absent: it is created. */
  object?: { ref: ObjectRef; fieldPath?: string };
  /** What the form leaves alone, as far as is known before a preview. */
  kept: string[];
  /** Shown while there is nothing to preview. */
  hint: string;
  instead?: ReactNode;
  onClose: () => void;
}

/** Form with its live preview, then the change on its way, with Undo. */
export function IntentLayout(props: IntentLayoutProps) {
  const { title, facts, change, onClose } = props;
  const [undoing, setUndoing] = useState<Change>();
  if (change.submission.kind !== 'accepted') {
    return <IntentDraftLayout {...props} />;
  }
  return (
    <>
      <FollowLayout
        submitted={change.submission.change}
        title={title}
        facts={facts}
        onClose={onClose}
        onAgain={change.startAgain}
        onUndo={setUndoing}
      />
      {undoing && (
        <RevertDialog
          change={undoing}
          isOpen
          onClose={() => setUndoing(undefined)}
        />
      )}
    </>
  );
}

function IntentDraftLayout(props: IntentLayoutProps) {
  const { title, entityRef, facts, change, object, hint, instead, onClose } =
    props;
  const { state, conflict, submission } = change;
  return (
    <ChangeDialogLayout
      title={title}
      facts={facts}
      left={<IntentLeft {...props} />}
      right={
        <PreviewPane
          state={conflict ? { kind: 'stale', previous: conflict.seen } : state}
          component={presentRefName(entityRef)}
          onRetry={change.retryPreview}
          hint={hint}
          instead={instead}
          notice={
            conflict && (
              <ConflictNote
                object={object ? presentObject(object.ref) : 'the route'}
                differences={conflict.differences}
                message={conflict.message}
                onShow={change.acknowledge}
              />
            )
          }
        />
      }
      footer={
        <ChangeFooter
          gate={change.gate}
          verb="Apply"
          isSending={submission.kind === 'sending'}
          onCancel={onClose}
          onApply={change.apply}
        />
      }
    />
  );
}

function IntentLeft(props: IntentLayoutProps) {
  const { form, why, change, object, kept } = props;
  const { state, submission } = change;
  return (
    <>
      {form}
      <JustificationFields {...why} />
      <EmergencyField entityRef={props.entityRef} {...why} />
      <KeptAsIs
        object={object}
        kept={state.kind === 'ready' ? state.preview.keptAsIs : kept}
      />
      {submission.kind === 'refused' && (
        <SubmissionProblem problem={submission.problem} />
      )}
    </>
  );
}

/** Nothing that this form could edit: says why, one by one. */
export function NothingToChange(props: {
  title: string;
  facts: ReactNode;
  lead: string;
  reasons: string[];
  onClose: () => void;
}) {
  const { title, facts, lead, reasons, onClose } = props;
  return (
    <ChangeDialogLayout
      title={title}
      facts={facts}
      left={
        <Note tone="quiet">
          <strong>{lead}</strong>
          <ul className={dialog.list}>
            {reasons.map(reason => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Note>
      }
      footer={
        <Button variant="primary" onPress={onClose}>
          Close
        </Button>
      }
    />
  );
}
