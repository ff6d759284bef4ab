import { useId, useRef, useState } from 'react';
import { Button, TextAreaField } from '@backstage/ui';
import type { Change } from '@istio-backstage/plugin-istio-common';
import { SubmissionProblem } from '../dialog/SubmissionProblem';
import { REASON_MAX, reasonProblem } from '../resolveApplyGate';
import { sentences } from '../presentWords';
import { useSubmission } from '../useSubmission';
import styles from '../changes.module.css';

/** A thing somebody can do about a change that waits. */
export interface DecisionAction {
  verb: string;
  /** Said after it is done. */
  done: string;
  needsReason: boolean;
  isPrimary?: boolean;
  send: (reason: string) => Promise<Change>;
}

function DecisionButton(props: {
  action: DecisionAction;
  reason: string;
  isSending: boolean;
  whyId: string;
  onPress: () => void;
}) {
  const { action, reason, isSending, whyId, onPress } = props;
  const isOff =
    isSending ||
    (action.needsReason
      ? reasonProblem(reason) !== undefined
      : reason.trim() !== '' && reasonProblem(reason) !== undefined);
  return (
    <Button
      variant={action.isPrimary ? 'primary' : 'secondary'}
      isDisabled={isOff}
      aria-describedby={whyId}
      onPress={onPress}
    >
      {action.verb}
    </Button>
  );
}

function missingReason(
  needed: DecisionAction[],
  reason: string,
): string | undefined {
  return needed.length > 0 && reasonProblem(reason)
    ? `${needed.map(({ verb }) => verb).join(' and ')} ${
        needed.length > 1 ? 'need' : 'needs'
      } a reason`
    : undefined;
}

/** A reason and the buttons that take it; what came of it stays on the screen. */
export function DecisionForm(props: {
  actions: DecisionAction[];
  /** Beside the buttons: what they do, or why one of them is off. */
  hint: string;
  placeholder?: string;
  /** It was taken. */
  onDone?: () => void;
}) {
  const { actions, hint, placeholder, onDone } = props;
  const [reason, setReason] = useState('');
  const chosen = useRef(actions[0]);
  const whyId = useId();
  const { submission, submit } = useSubmission(() =>
    chosen.current.send(reason.trim()),
  );
  const decide = async (action: DecisionAction) => {
    chosen.current = action;
    const settled = await submit();
    if (settled?.kind === 'accepted') onDone?.();
  };
  const needed = actions.filter(({ needsReason }) => needsReason);
  const missing = missingReason(needed, reason);
  return (
    <div className={styles.decide}>
      <TextAreaField
        label="Reason"
        secondaryLabel={
          needed.length === actions.length ? 'required' : undefined
        }
        rows={2}
        maxLength={REASON_MAX}
        placeholder={placeholder}
        value={reason}
        onChange={setReason}
      />
      {submission.kind === 'refused' && (
        <SubmissionProblem problem={submission.problem} />
      )}
      <div className={styles.decideActions}>
        {actions.map(action => (
          <DecisionButton
            key={action.verb}
            action={action}
            reason={reason}
            isSending={submission.kind === 'sending'}
            whyId={whyId}
            onPress={() => decide(action)}
          />
        ))}
        <span className={styles.quiet} id={whyId} role="status">
          {submission.kind === 'accepted'
            ? chosen.current.done
            : sentences(hint, missing)}
        </span>
      </div>
    </div>
  );
}
