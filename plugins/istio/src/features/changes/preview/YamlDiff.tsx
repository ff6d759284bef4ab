import { formatQuantity } from '@istio-backstage/plugin-istio-common';
import { useId, useState } from 'react';
import { CopyButton, DiffLines } from '../../../components';
import {
  describeDiffBlock,
  diffAsText,
  presentDiff,
  type DiffSource,
} from '../presentDiff';
import styles from './preview.module.css';

/** A diff with more changed lines than this starts folded. */
const OPEN_UP_TO = 12;

/** The objects line by line, folded when long, with a button that copies them. */
export function YamlDiff(props: { operations: DiffSource[]; title?: string }) {
  const { title = 'YAML' } = props;
  const blocks = presentDiff(
    props.operations.filter(({ diff }) => diff.length > 0),
  );
  const total = blocks.reduce((sum, block) => sum + block.changedLines, 0);
  const [open, setOpen] = useState(total <= OPEN_UP_TO);
  const panelId = useId();
  const summary =
    blocks.length === 1
      ? describeDiffBlock(blocks[0])
      : `${formatQuantity(blocks.length, 'object')}, ${formatQuantity(
          total,
          'line',
        )}`;
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.heading}>
        <button
          type="button"
          className={styles.disclosure}
          aria-expanded={open}
          aria-controls={panelId}
          onClick={() => setOpen(!open)}
        >
          <svg viewBox="0 0 16 16" width={14} height={14} aria-hidden="true">
            <path
              d="M6 4l4 4-4 4"
              fill="none"
              stroke="currentColor"
              strokeWidth={1.6}
            />
          </svg>
          <strong>{title}</strong>
          <span className={styles.muted}>{summary}</span>
        </button>
        <span className={styles.aside}>
          <CopyButton text={diffAsText(blocks)} label="Copy the YAML diff" />
        </span>
      </div>
      <div id={panelId} hidden={!open}>
        {blocks.map(block => (
          <div key={block.key}>
            {blocks.length > 1 && (
              <p className={styles.diffTitle}>{describeDiffBlock(block)}</p>
            )}
            <DiffLines lines={block.lines} label={describeDiffBlock(block)} />
          </div>
        ))}
      </div>
    </section>
  );
}
