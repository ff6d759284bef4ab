import { formatWrittenShare } from '@istio-backstage/plugin-istio-common';
import type { KeyboardEvent } from 'react';
import { Slider, TextField } from '@backstage/ui';
import { presentPods, presentRate } from '../../changes/presentNumbers';
import type { VersionRow } from './resolveVersionRows';
import { parseWeight } from './weights';
import styles from './shiftTraffic.module.css';

const ARROWS: Record<string, number> = {
  ArrowUp: 1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

const PERCENT = { style: 'unit', unit: 'percent' } as const;

function Rate(props: {
  row: VersionRow;
  weight?: number;
  total?: number;
  unit: string;
}) {
  const { row, weight, total, unit } = props;
  if (total === undefined) {
    return (
      <div className={styles.rate}>
        <span className={styles.second}>rate unknown</span>
      </div>
    );
  }
  return (
    <div className={styles.rate}>
      <strong>
        {weight === undefined ? '?' : presentRate((total * weight) / 100)}
      </strong>{' '}
      {unit}
      <span className={styles.second}>now {presentRate(total * row.now)}</span>
    </div>
  );
}

function WeightField(props: {
  label: string;
  text: string;
  onChange: (text: string) => void;
}) {
  const { label, text, onChange } = props;
  const weight = parseWeight(text);
  const step = (event: KeyboardEvent) => {
    const by = ARROWS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onChange(String(Math.min(100, Math.max(0, (weight ?? 0) + by))));
  };
  return (
    <div className={styles.field}>
      <TextField
        aria-label={`Weight of ${label} in percent`}
        size="small"
        inputMode="numeric"
        autoComplete="off"
        value={text}
        isInvalid={weight === undefined}
        onChange={onChange}
        onKeyDown={step}
      />
      <span className={styles.percent} aria-hidden="true">
        %
      </span>
    </div>
  );
}

/** One version: slider with a mark of today's share, number field, requests per second. */
export function WeightRow(props: {
  row: VersionRow;
  text: string;
  /** Requests per second of all versions together; undefined when unknown. */
  totalRate?: number;
  /** `req/s` */
  rateUnit: string;
  /** The name stands above the slider, where names are long. */
  isStacked?: boolean;
  onChange: (text: string) => void;
}) {
  const { row, text, totalRate, rateUnit, isStacked, onChange } = props;
  const weight = parseWeight(text);
  const today = formatWrittenShare(row.today);
  return (
    <div
      className={`${styles.row} ${isStacked ? styles.stacked : ''}`}
      role="group"
      aria-label={row.label}
    >
      <div className={styles.name}>
        <span className={styles.label}>{row.label}</span>
        <span className={styles.second}>{presentPods(row.podsReady)}</span>
      </div>
      <div className={styles.slider}>
        <Slider
          aria-label={`Weight of ${row.label}, today ${today}`}
          formatOptions={PERCENT}
          minValue={0}
          maxValue={100}
          step={1}
          value={weight ?? 0}
          onChange={value => onChange(String(value))}
        />
        <span
          className={styles.today}
          style={{ left: `${row.today * 100}%` }}
          aria-hidden="true"
        />
      </div>
      <WeightField label={row.label} text={text} onChange={onChange} />
      <Rate row={row} weight={weight} total={totalRate} unit={rateUnit} />
    </div>
  );
}
