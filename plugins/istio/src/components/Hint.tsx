import type { ReactNode } from 'react';
import Tooltip from '@material-ui/core/Tooltip';
import styles from './Hint.module.css';

/** Words with an explanation that the pointer, the keyboard and a finger reach alike. */
export function Hint(props: { text: string | undefined; children: ReactNode }) {
  const { text, children } = props;
  if (!text) return <>{children}</>;
  return (
    <Tooltip
      title={text}
      arrow
      enterTouchDelay={0}
      leaveTouchDelay={6_000}
      classes={{ tooltip: styles.text }}
    >
      {/* A button takes the focus, or the keyboard would never open it. */}
      <button type="button" className={styles.hint}>
        {children}
      </button>
    </Tooltip>
  );
}
