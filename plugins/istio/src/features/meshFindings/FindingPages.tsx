import { Button } from '@backstage/ui';
import {
  formatCount,
  type FindingList,
} from '@istio-backstage/plugin-istio-common';
import { PAGE_SIZE, type FindingQuery } from './findingQuery';
import type { ChangeFindings } from './MeshFindingsView';
import styles from './meshFindings.module.css';

/** Leafs through the list; absent where one page holds it. */
export function FindingPages(props: {
  list: FindingList;
  query: FindingQuery;
  change: ChangeFindings;
}) {
  const { list, query, change } = props;
  const { total } = list;
  const { offset } = query;
  if (total <= PAGE_SIZE && offset === 0) return null;
  return (
    <nav className={styles.pages} aria-label="Pages of findings">
      <span>
        {total === 0 ? 0 : formatCount(Math.min(offset + 1, total))} to{' '}
        {formatCount(Math.min(offset + PAGE_SIZE, total))} of{' '}
        {formatCount(total)}
      </span>
      <Button
        variant="secondary"
        size="small"
        isDisabled={offset === 0}
        onPress={() =>
          change({ offset: String(Math.max(0, offset - PAGE_SIZE)) })
        }
      >
        Previous
      </Button>
      <Button
        variant="secondary"
        size="small"
        isDisabled={offset + PAGE_SIZE >= total}
        onPress={() => change({ offset: String(offset + PAGE_SIZE) })}
      >
        Next
      </Button>
    </nav>
  );
}
