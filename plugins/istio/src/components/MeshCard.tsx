import { useId } from 'react';
import type { ReactNode } from 'react';
import { Card } from '@backstage/ui';
import styles from './MeshCard.module.css';

/** Columns of twelve a card takes where there is room. */
export type CardSpan = 3 | 4 | 5 | 6 | 7 | 8 | 12;

/** A card: title, Istio's word for it, one status, one action; below, where its values come from. */
export function MeshCard(props: {
  title: string;
  /** Istio's own term or a short remark, in small type. */
  subtitle?: ReactNode;
  /** The one status of the card. */
  chip?: ReactNode;
  action?: ReactNode;
  /** A {@link SourceFooter}. */
  footer?: ReactNode;
  span?: CardSpan;
  /** The body reaches the edges, for tables and lists. */
  flush?: boolean;
  children: ReactNode;
}) {
  const { title, subtitle, chip, action, footer, span, flush, children } =
    props;
  const titleId = useId();
  const classes = [styles.card];
  if (span) classes.push(styles[`span${span}`]);
  return (
    <Card
      role="region"
      aria-labelledby={titleId}
      className={classes.join(' ')}
      data-testid="mesh-card"
    >
      <div className={styles.header}>
        <h2 className={styles.title} id={titleId}>
          {title}
        </h2>
        {chip}
        {subtitle && <span className={styles.subtitle}>{subtitle}</span>}
        {action && <span className={styles.action}>{action}</span>}
      </div>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
      {footer && <div className={styles.footer}>{footer}</div>}
    </Card>
  );
}

/** Twelve columns of cards; below 1040 px of room cards take half or all of the width. */
export function CardGrid(props: { children: ReactNode }) {
  return (
    <div className={styles.gridRoom}>
      <div className={styles.grid}>{props.children}</div>
    </div>
  );
}
