import { useId } from 'react';
import { timesProblem, type ChangeTimes } from './changeTimes';
import styles from './dialog.module.css';

function TimeField(props: {
  label: string;
  hint: string;
  value?: string;
  describedBy?: string;
  onChange: (value: string | undefined) => void;
}) {
  const { label, hint, value, describedBy, onChange } = props;
  const id = useId();
  return (
    <div>
      <label className={styles.timeLabel} htmlFor={id}>
        {label} <span className={styles.timeHint}>{hint}</span>
      </label>
      <input
        id={id}
        className={styles.time}
        type="datetime-local"
        value={value ?? ''}
        aria-describedby={describedBy}
        onChange={event => onChange(event.target.value || undefined)}
      />
    </div>
  );
}

/** When a change is applied and when it takes itself back; both optional, in UTC as every time here. */
export function TimeFields<
  T extends ChangeTimes & { breakGlass?: boolean },
>(props: { value: T; onChange: (value: T) => void }) {
  const { value, onChange } = props;
  const problemId = useId();
  const problem = timesProblem(value, Date.now());
  const describedBy = problem ? problemId : undefined;
  return (
    <div>
      <div className={styles.times}>
        <TimeField
          label="Apply at"
          hint="UTC, else at once"
          value={value.applyAt}
          describedBy={describedBy}
          onChange={applyAt => onChange({ ...value, applyAt })}
        />
        <TimeField
          label="Take back at"
          hint="UTC, else it stays"
          value={value.expiresAt}
          describedBy={describedBy}
          onChange={expiresAt => onChange({ ...value, expiresAt })}
        />
      </div>
      {problem && (
        <p id={problemId} className={styles.fieldProblem}>
          {`${problem[0].toUpperCase()}${problem.slice(1)}.`}
        </p>
      )}
    </div>
  );
}
