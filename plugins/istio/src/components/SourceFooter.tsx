import type { ReactNode } from 'react';
import { Age } from './Age';
import styles from './SourceFooter.module.css';

/** Where values come from: an object, a query, a computation, the record of changes, a measurement from outside. */
export type SourceKind = 'object' | 'query' | 'computed' | 'record' | 'outside';

const ICONS: Record<SourceKind, string> = {
  object: 'M8 1.8l5.6 3.1v6.2L8 14.2l-5.6-3.1V4.9zM2.6 5L8 8l5.4-3M8 8v6',
  query: 'M2 13.5h12M3 11l3.3-4 2.7 2.3L13 4',
  computed: 'M3 8.4l3.3 3.3L13 4.6',
  record:
    'M6.8 9.2a2.6 2.6 0 003.7 0l2.3-2.3a2.6 2.6 0 00-3.7-3.7l-1 1M9.2 6.8a2.6 2.6 0 00-3.7 0L3.2 9.1a2.6 2.6 0 003.7 3.7l1-1',
  outside:
    'M4 2h8a2 2 0 012 2v8a2 2 0 01-2 2H4a2 2 0 01-2-2V4a2 2 0 012-2zM4 12L12 4',
};

const NAMES: Record<SourceKind, string> = {
  object: 'Kubernetes object',
  query: 'Metrics',
  computed: 'Computed',
  record: 'Record of changes',
  outside: 'Measured from outside',
};

/** Last line of a card: source at the left, age at the right. */
export function SourceFooter(props: {
  source: SourceKind;
  children: ReactNode;
  /** ISO time the values are from; left out when no source says it. */
  at?: string;
}) {
  const { source, children, at } = props;
  return (
    <p className={styles.source}>
      <svg
        className={styles.icon}
        viewBox="0 0 16 16"
        width={14}
        height={14}
        role="img"
        aria-label={NAMES[source]}
      >
        <path
          d={ICONS[source]}
          fill="none"
          stroke="currentColor"
          strokeWidth={1.3}
        />
      </svg>
      <span className={styles.from}>{children}</span>
      {at && (
        <span className={styles.age}>
          <Age at={at} />
        </span>
      )}
    </p>
  );
}
