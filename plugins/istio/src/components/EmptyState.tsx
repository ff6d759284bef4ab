import type { ReactNode } from 'react';
import { CopyText } from './CopyText';
import styles from './EmptyState.module.css';

/** Nothing to show, and what would change that: what is missing, why, and the text to copy. */
export function EmptyState(props: {
  title: string;
  explanation: string;
  /** YAML or a command. */
  fix?: string;
  /** More to go by, e.g. near misses. */
  children?: ReactNode;
}) {
  const { title, explanation, fix, children } = props;
  return (
    <div className={styles.empty}>
      <h3 className={styles.title}>{title}</h3>
      <p>{explanation}</p>
      {fix && <CopyText text={fix} label="fix" />}
      {children}
    </div>
  );
}
