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
  const { gate, verb, isSending, onCancel, onApply } = props;
  const whyId = useId();
  return (
    <>
      <div className={styles.why} role="status" id={whyId}>
        <StatusShape
          shape={gate.open ? 'tick' : 'dash'}
          tone={gate.open ? 'ok' : 'quiet'}
          size={16}
        />
        <span>
          <strong>{gate.open ? 'Ready.' : `${verb} is off:`}</strong>{' '}
          {gate.text}
        </span>
      </div>
      <Button variant="secondary" onPress={onCancel}>
        Cancel
      </Button>
      <Button
        variant="primary"
        isDisabled={!gate.open}
        isPending={isSending}
        aria-describedby={whyId}
        onPress={onApply}
      >
        {verb}
      </Button>
    </>
  );
}
