import type { ReactNode } from 'react';
import { Button, DialogTrigger, Popover } from '@backstage/ui';
import styles from './InfoPopover.module.css';
import theme from './theme.module.css';

/** A word in running text that opens more about it. */
export function InfoPopover(props: {
  /** The word to press. */
  trigger: string;
  /** What it opens, for who cannot see the surroundings. */
  label: string;
  title: string;
  facts?: string;
  children: ReactNode;
}) {
  const { trigger, label, title, facts, children } = props;
  return (
    <DialogTrigger>
      <Button variant="tertiary" className={styles.trigger} aria-label={label}>
        {trigger}
      </Button>
      <Popover>
        <div className={`${theme.surface} ${styles.panel}`}>
          <p className={styles.title}>{title}</p>
          {facts && <p className={styles.facts}>{facts}</p>}
          {children}
        </div>
      </Popover>
    </DialogTrigger>
  );
}
