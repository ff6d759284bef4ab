import { VisuallyHidden } from '@backstage/ui';
import type { DiffLine } from '@istio-backstage/plugin-istio-common';
import styles from './preview.module.css';

function Line(props: { line: DiffLine }) {
  const { line } = props;
  switch (line.kind) {
    case 'added':
      return (
        <ins className={`${styles.line} ${styles.added}`}>
          <VisuallyHidden>added: </VisuallyHidden>
          <span className={styles.sign} aria-hidden="true">
            +
          </span>
          {line.text}
        </ins>
      );
    case 'removed':
      return (
        <del className={`${styles.line} ${styles.removed}`}>
          <VisuallyHidden>removed: </VisuallyHidden>
          <span className={styles.sign} aria-hidden="true">
            -
          </span>
          {line.text}
        </del>
      );
    case 'gap':
      return (
        <span className={`${styles.line} ${styles.gap}`}>
          <VisuallyHidden>unchanged lines left out</VisuallyHidden>
          <span aria-hidden="true">…</span>
        </span>
      );
    default:
      return <span className={styles.line}>{line.text}</span>;
  }
}

/** Lines of a YAML diff; signs are spoken as words. Scrolls by keyboard as well. */
export function DiffLines(props: { lines: DiffLine[]; label: string }) {
  const { lines, label } = props;
  return (
    <div className={styles.diff} role="region" aria-label={label} tabIndex={0}>
      <div className={styles.lines}>
        {lines.map((line, index) => (
          // Lines have no identity beyond their place.
          <Line key={index} line={line} />
        ))}
      </div>
    </div>
  );
}
