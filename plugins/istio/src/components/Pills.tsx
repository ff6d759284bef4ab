import { formatCount } from '@istio-backstage/plugin-istio-common';
import { StatusShape } from './StatusShape';
import type { StatusShapeName, StatusTone } from './StatusShape';
import styles from './filters.module.css';

/** One choice of a filter, with how many there are. */
export interface Pill {
  word: string;
  count: number;
  /** What choosing it filters by; absent: everything. */
  value?: string;
  look?: { shape: StatusShapeName; tone: StatusTone };
}

/** A filter whose values stand side by side with their counts. */
export function Pills(props: {
  label: string;
  pills: readonly Pill[];
  chosen?: string;
  onChange: (value: string | undefined) => void;
}) {
  const { label, pills, chosen, onChange } = props;
  return (
    <div className={styles.pills} role="group" aria-label={label}>
      {pills.map(({ word, count, value, look }) => (
        <button
          key={word}
          type="button"
          className={styles.pill}
          aria-pressed={chosen === value}
          onClick={() => onChange(value)}
        >
          {look && <StatusShape shape={look.shape} tone={look.tone} />}
          <strong>{formatCount(count)}</strong> {word}
        </button>
      ))}
    </div>
  );
}
