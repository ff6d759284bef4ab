import { useId } from 'react';
import { Button } from '@backstage/ui';
import { StatusShape } from '../../../components';
import type { ApplyGate } from '../resolveApplyGate';
import styles from './dialog.module.css';

/** The line of a change dialog that says whether the change can go out, and why not. */
export function ChangeFooter(props: {
  gate: ApplyGate;
  /** Verb of the button. */
  verb: string;
  isSending: boolean;
  onCancel: () => void;
  onApply: () => void;
}) {
  const { gate, isSending, onCancel, onApply } = props;
  const verb = gate.verb ?? props.verb;
  const whyId = useId();
  const settled = gate.open ? 'Ready.' : `${verb} is off:`;
  const lead = isSending ? 'Sending.' : settled;
  return (
    <>
      <div className={styles.why} role="status" id={whyId}>
        <StatusShape
          shape={gate.open ? 'tick' : 'dash'}
          tone={gate.open ? 'ok' : 'quiet'}
          size={16}
        />
        <span>
          <strong>{lead}</strong> {isSending ? null : gate.text}
        </span>
      </div>
      <Button variant="secondary" onPress={onCancel}>
        Cancel
      </Button>
      {/* Neither disabled nor pending while sending: both would take the focus or a name away. A
          second press does nothing. */}
      <Button
        variant="primary"
        isDisabled={!gate.open}
        aria-describedby={whyId}
        onPress={onApply}
      >
        {isSending ? 'Sending' : verb}
      </Button>
    </>
  );
}
