import type { ReactNode } from 'react';
import { presentStatus } from './presentStatus';
import type { StatusKind } from './presentStatus';
import { StatusShape } from './StatusShape';
import styles from './StatusLabel.module.css';

/** A state as word and shape together. */
export function StatusLabel(props: {
  status: StatusKind;
  /** Replaces the state's own word, e.g. "Fresh, 4 s ago". */
  children?: ReactNode;
  /** Tinted background; only for the one status of a card or entry. */
  chip?: boolean;
  /** Text in the normal colour, only the shape carries the tone. */
  plainText?: boolean;
  /** For sentences that may take several lines. */
  wrap?: boolean;
}) {
  const { status, children, chip, plainText, wrap } = props;
  const { word, shape, tone } = presentStatus(status);
  const classes = [styles.label, styles[tone]];
  if (chip) classes.push(styles.chip);
  if (wrap) classes.push(styles.wrap);
  return (
    <span className={classes.join(' ')} data-status={status}>
      <StatusShape shape={shape} tone={tone} />
      <span className={plainText ? styles.text : undefined}>
        {children ?? word}
      </span>
    </span>
  );
}
