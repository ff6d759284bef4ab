import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './preview.module.css';

/** One block of a preview or of a change's details. */
export function PreviewSection(props: {
  title: string;
  /** Short remark at the right of the title. */
  aside?: ReactNode;
  /** Without border and background, inside a card. */
  plain?: boolean;
  children: ReactNode;
}) {
  const { title, aside, plain, children } = props;
  const titleId = useId();
  return (
    <section
      className={plain ? undefined : styles.section}
      aria-labelledby={titleId}
    >
      <div className={styles.heading}>
        <h3 id={titleId}>{title}</h3>
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      {children}
    </section>
  );
}
