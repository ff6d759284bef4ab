import type { DiffLine } from '@istio-backstage/plugin-istio-common';
import { Spoken } from './Spoken';
import styles from './DiffLines.module.css';

function Line(props: { line: DiffLine }) {
  const { line } = props;
  switch (line.kind) {
    case 'added':
      return (
        <ins className={`${styles.line} ${styles.added}`}>
          <Spoken>{'added: '}</Spoken>
          <span className={styles.sign} aria-hidden="true">
            +
          </span>
          {line.text}
        </ins>
      );
    case 'removed':
      return (
        <del className={`${styles.line} ${styles.removed}`}>
          <Spoken>{'removed: '}</Spoken>
          <span className={styles.sign} aria-hidden="true">
            -
          </span>
          {line.text}
        </del>
      );
    case 'gap':
      return (
        <span className={`${styles.line} ${styles.gap}`}>
          <Spoken>unchanged lines left out</Spoken>
          <span aria-hidden="true">…</span>
        </span>
      );
    default:
      return <span className={styles.line}>{line.text}</span>;
  }
}

/** Lines of a YAML diff; signs are spoken as words. */
export function DiffLines(props: { lines: DiffLine[]; label: string }) {
  const { lines, label } = props;
  return (
    <div className={styles.diff} role="group" aria-label={label}>
      {lines.map((line, index) => (
        // Lines have no identity beyond their place.
        <Line key={index} line={line} />
      ))}
    </div>
  );
}
