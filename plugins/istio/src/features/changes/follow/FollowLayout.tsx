import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { Button, ButtonLink } from '@backstage/ui';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { ErrorNote, Note } from '../../../components';
import dialog from '../dialog/dialog.module.css';
import { ChangeDialogLayout } from '../dialog/ChangeDialog';
import { describeProblem } from '../describeProblem';
import { isMoving } from '../presentOutcome';
import preview from '../preview/preview.module.css';
import { YamlDiff } from '../preview/YamlDiff';
import { useChange } from '../useChanges';
import { useChangeHref } from '../useChangeHref';
import { useObservedNow } from '../useObservedNow';
import { ChangeSteps } from './ChangeSteps';
import { ClusterOutcomes } from './ClusterOutcomes';
import { EffectTable } from './EffectTable';
import { OutcomeNote } from './OutcomeNote';
import styles from './follow.module.css';

function FollowError(props: { error: unknown }) {
  if (describeProblem(props.error).kind === 'forbidden') {
    return (
      <Note tone="quiet">
        What follows is in the log. Reading it needs permission
        istio.audit.read.
      </Note>
    );
  }
  return <ErrorNote what="The state of the change" error={props.error} />;
}

/**
 * Closes the dialog when a link in it was followed. A handler on the link would take the link off
 * the page between the press and the click, and the click is what navigates.
 */
function useCloseOnNavigation(onClose: () => void) {
  const { key } = useLocation();
  const first = useRef(key);
  useEffect(() => {
    if (key !== first.current) onClose();
  }, [key, onClose]);
}

/** Why Undo is off; undefined when it is on. */
function undoProblem(change: Change): string | undefined {
  if (change.revert.possible) return undefined;
  if (isMoving(change)) return 'Undo is off until the change is in force.';
  return change.revert.why
    ? `Undo is off: ${change.revert.why}`
    : 'There is nothing to undo.';
}

function FollowFooter(props: {
  change: Change;
  onUndo?: (change: Change) => void;
  onClose: () => void;
  again?: ReactNode;
}) {
  const { change, onUndo, onClose, again } = props;
  const hrefOf = useChangeHref(change.entityRef);
  useCloseOnNavigation(onClose);
  const problem = onUndo && undoProblem(change);
  return (
    <>
      <div className={dialog.why}>
        <span>
          {problem ?? (onUndo && 'Undo brings back what was in force before.')}
        </span>
      </div>
      <ButtonLink variant="secondary" href={hrefOf(change.id)}>
        See it in Changes
      </ButtonLink>
      {again}
      {onUndo && (
        <Button
          variant="secondary"
          isDisabled={problem !== undefined}
          onPress={() => onUndo(change)}
        >
          Undo
        </Button>
      )}
      <Button variant="primary" onPress={onClose}>
        Close
      </Button>
    </>
  );
}

function FollowRight(props: { change: Change }) {
  const { change } = props;
  const observedNow = useObservedNow(change);
  return (
    <div className={preview.pane}>
      {change.versions.length > 0 && (
        <EffectTable versions={change.versions} observedNow={observedNow} />
      )}
      <ClusterOutcomes operations={change.operations} />
      {change.operations.some(({ diff }) => diff.length > 0) && (
        <YamlDiff operations={change.operations} />
      )}
    </div>
  );
}

/** A submitted change in its dialog, from the request until traffic shows it. */
export function FollowLayout(props: {
  submitted: Change;
  title: string;
  facts?: ReactNode;
  onClose: () => void;
  /** Goes back to the form, for a change that came to nothing. */
  onAgain?: () => void;
  /** Starts to take the change back. */
  onUndo?: (change: Change) => void;
}) {
  const { submitted, title, facts, onClose, onAgain, onUndo } = props;
  const { data: change = submitted, error } = useChange(
    submitted.id,
    submitted,
  );
  const again = onAgain &&
    ['denied', 'conflict', 'failed'].includes(change.state) && (
      <Button variant="secondary" onPress={onAgain}>
        {change.state === 'conflict'
          ? 'Show the new preview'
          : 'Back to the form'}
      </Button>
    );
  return (
    <ChangeDialogLayout
      title={title}
      facts={facts}
      left={
        <>
          <OutcomeNote change={change} />
          <ChangeSteps change={change} />
          {error && <FollowError error={error} />}
          <div>
            <p className={dialog.groupTitle}>{change.title}</p>
            <p className={styles.second}>{change.reason}</p>
          </div>
        </>
      }
      right={<FollowRight change={change} />}
      footer={
        <FollowFooter
          change={change}
          onUndo={onUndo}
          onClose={onClose}
          again={again}
        />
      }
    />
  );
}
