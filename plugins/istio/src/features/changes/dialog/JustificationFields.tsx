import { useId } from 'react';
import { TextAreaField, TextField } from '@backstage/ui';
import { REASON_MAX, ticketProblem } from '../resolveApplyGate';
import { readTimes, type ChangeTimes } from './changeTimes';
import { TimeFields } from './TimeFields';
import styles from './dialog.module.css';

/** Why a change is made, the ticket it belongs to, and its times. */
export interface Justification extends ChangeTimes {
  reason: string;
  ticket: string;
  /** Past approval and freezes, in an emergency. */
  breakGlass?: boolean;
}

/** What the API takes of it: trimmed, without what is empty. */
export function readJustification({
  reason,
  ticket,
  breakGlass,
  ...times
}: Justification): {
  reason: string;
  ticket?: string;
  breakGlass?: true;
} & ChangeTimes {
  return {
    reason: reason.trim(),
    ...(ticket.trim() ? { ticket: ticket.trim() } : {}),
    ...(breakGlass ? { breakGlass: true as const } : {}),
    ...readTimes(times),
  };
}

/** Reason (required), ticket and times (optional) of a change. */
export function JustificationFields(props: {
  value: Justification;
  onChange: (value: Justification) => void;
  placeholder?: string;
  /** A way back is gone at once and stays. */
  hasTimes?: boolean;
}) {
  const { value, onChange, placeholder, hasTimes = true } = props;
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
      {hasTimes && <TimeFields value={value} onChange={onChange} />}
    </div>
  );
}
