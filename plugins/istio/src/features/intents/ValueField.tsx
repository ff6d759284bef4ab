import { useId } from 'react';
import { TextField } from '@backstage/ui';
import dialog from '../changes/dialog/dialog.module.css';

/** A field with the value of today below it, or with what is wrong and allowed. */
export function ValueField(props: {
  label: string;
  value: string;
  placeholder?: string;
  /** Where today's value comes from: "Today 2, Istio’s default". */
  today?: string;
  problem?: string;
  isDisabled?: boolean;
  onChange: (value: string) => void;
}) {
  const { label, value, placeholder, today, problem, isDisabled, onChange } =
    props;
  const noteId = useId();
  const note = problem ?? today;
  return (
    <div>
      <TextField
        label={label}
        size="small"
        placeholder={placeholder}
        value={value}
        isDisabled={isDisabled}
        isInvalid={problem !== undefined}
        aria-describedby={note ? noteId : undefined}
        onChange={onChange}
      />
      {note && (
        <p
          id={noteId}
          className={problem ? dialog.fieldProblem : dialog.fieldNote}
        >
          {note}
        </p>
      )}
    </div>
  );
}
