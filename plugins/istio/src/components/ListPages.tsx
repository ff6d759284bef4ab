import type { ReactNode } from 'react';
import { Button } from '@backstage/ui';
import styles from './ListPages.module.css';

/** Leafs through a list; absent where one page holds it. */
export function ListPages(props: {
  label: string;
  total: number;
  offset: number;
  pageSize: number;
  onOffset: (offset: number) => void;
  /** What the page holds, before the buttons. */
  children?: ReactNode;
}) {
  const { label, total, offset, pageSize, onOffset, children } = props;
  if (total <= pageSize && offset === 0) return null;
  return (
    <nav className={styles.pages} aria-label={label}>
      {children}
      <Button
        variant="secondary"
        size="small"
        isDisabled={offset === 0}
        onPress={() => onOffset(Math.max(0, offset - pageSize))}
      >
        Previous
      </Button>
      <Button
        variant="secondary"
        size="small"
        isDisabled={offset + pageSize >= total}
        onPress={() => onOffset(offset + pageSize)}
      >
        Next
      </Button>
    </nav>
  );
}
