import { useId } from 'react';
import { TextAreaField, TextField } from '@backstage/ui';
import { REASON_MAX, ticketProblem } from '../resolveApplyGate';
import styles from './dialog.module.css';

/** Why a change is made, and the ticket it belongs to. */
export interface Justification {
  reason: string;
  ticket: string;
}

/** Reason (required) and ticket (optional) of a change. */
export function JustificationFields(props: {
  value: Justification;
  onChange: (value: Justification) => void;
  placeholder?: string;
}) {
  const { value, onChange, placeholder } = props;
  const problemId = useId();
  const problem = ticketProblem(value.ticket);
  return (
    <div className={styles.fields}>
      <TextAreaField
        label="Reason"
        secondaryLabel="required"
        isRequired
        rows={2}
        maxLength={REASON_MAX}
        placeholder={placeholder}
        value={value.reason}
        onChange={reason => onChange({ ...value, reason })}
      />
      <div>
        <TextField
          className={styles.ticket}
          label="Ticket"
          secondaryLabel="optional"
          size="small"
          value={value.ticket}
          isInvalid={problem !== undefined}
          aria-describedby={problem ? problemId : undefined}
          onChange={ticket => onChange({ ...value, ticket })}
        />
        {problem && (
          <p id={problemId} className={styles.fieldProblem}>
            {`${problem[0].toUpperCase()}${problem.slice(1)}.`}
          </p>
        )}
      </div>
    </div>
  );
}
