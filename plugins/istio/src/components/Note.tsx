import type { ReactNode } from 'react';
import { StatusShape } from './StatusShape';
import type { StatusShapeName, StatusTone } from './StatusShape';
import styles from './Note.module.css';

type NoteTone = 'warn' | 'bad' | 'info' | 'quiet';

const SHAPES: Record<NoteTone, StatusShapeName> = {
  warn: 'triangle',
  bad: 'octagon',
  info: 'info',
  quiet: 'info',
};

/** A remark inside a card or above it. */
export function Note(props: {
  tone: NoteTone;
  /** Instead of the tone's own shape. */
  shape?: StatusShapeName;
  children: ReactNode;
}) {
  const { tone, shape = SHAPES[tone], children } = props;
  const shapeTone: StatusTone = tone;
  return (
    <div className={`${styles.note} ${styles[tone]}`}>
      <StatusShape shape={shape} tone={shapeTone} />
      <div className={styles.text}>{children}</div>
    </div>
  );
}
