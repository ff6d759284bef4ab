import {
  formatCount,
  type FindingList,
} from '@istio-backstage/plugin-istio-common';
import { ListPages } from '../../components';
import { PAGE_SIZE, type FindingQuery } from './findingQuery';
import type { ChangeFindings } from './MeshFindingsView';

/** Leafs through the findings, and says which ones the page holds. */
export function FindingPages(props: {
  list: FindingList;
  query: FindingQuery;
  change: ChangeFindings;
}) {
  const { list, query, change } = props;
  const { total } = list;
  const { offset } = query;
  return (
    <ListPages
      label="Pages of findings"
      total={total}
      offset={offset}
      pageSize={PAGE_SIZE}
      onOffset={next => change({ offset: String(next) })}
    >
      <span>
        {total === 0 ? 0 : formatCount(Math.min(offset + 1, total))} to{' '}
        {formatCount(Math.min(offset + PAGE_SIZE, total))} of{' '}
        {formatCount(total)}
      </span>
    </ListPages>
  );
}
