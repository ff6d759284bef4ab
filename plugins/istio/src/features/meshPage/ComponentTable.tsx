import { useMemo } from 'react';
import { Card, Cell, Table } from '@backstage/ui';
import type { ColumnConfig, SortDescriptor } from '@backstage/ui';
import {
  formatCount,
  formatList,
  formatQuantity,
  type ComponentList,
} from '@istio-backstage/plugin-istio-common';
import { SourceFooter, metricsAsOf, presentClock } from '../../components';
import { PAGE_SIZE, isFiltered } from './listQuery';
import type { ListQuery } from './listQuery';
import type { ChangeList } from './MeshPage';
import { presentSummary } from './presentSummary';
import type { SummaryRow } from './presentSummary';
import {
  ChangeCell,
  ClustersCell,
  EncryptionCell,
  HealthCell,
  NameCell,
  OwnerCell,
  SplitCell,
} from './summaryCells';
import styles from './meshPage.module.css';

/** Columns of the list; sortable ones carry the API's name of the order. */
const COLUMNS: ColumnConfig<SummaryRow>[] = [
  {
    id: 'name',
    label: 'Component',
    isRowHeader: true,
    isSortable: true,
    minWidth: 140,
    cell: row => <NameCell row={row} />,
  },
  {
    id: 'owner',
    label: 'Owner',
    isSortable: true,
    minWidth: 140,
    cell: row => <OwnerCell row={row} />,
  },
  {
    id: 'clusters',
    label: 'Clusters',
    minWidth: 130,
    cell: row => <ClustersCell row={row} />,
  },
  {
    id: 'health',
    label: 'Health',
    isSortable: true,
    defaultWidth: '2fr',
    minWidth: 220,
    cell: row => <HealthCell row={row} />,
  },
  {
    id: 'requests',
    label: 'req/s',
    isSortable: true,
    defaultWidth: 90,
    minWidth: 80,
    cell: row => (
      <Cell className={styles.cell}>
        <span className={styles.number}>{row.rate}</span>
      </Cell>
    ),
  },
  {
    id: 'encrypted',
    label: 'Encrypted',
    minWidth: 110,
    cell: row => <EncryptionCell row={row} />,
  },
  {
    id: 'split',
    label: 'Split: set, observed',
    minWidth: 170,
    cell: row => <SplitCell row={row} />,
  },
  {
    id: 'change',
    label: 'Last change',
    minWidth: 150,
    cell: row => <ChangeCell row={row} />,
  },
];

/** The list of components, sorted and paged by the backend. */
export function ComponentTable(props: {
  list: ComponentList;
  query: ListQuery;
  change: ChangeList;
  isStale: boolean;
}) {
  const { list, query, change, isStale } = props;
  const rows = useMemo(() => list.items.map(presentSummary), [list.items]);
  const sort: SortDescriptor = {
    column: query.sort ?? 'health',
    direction: query.order === 'desc' ? 'descending' : 'ascending',
  };
  const { offset } = query;
  return (
    <Card className={styles.tableCard}>
      <Table
        className={styles.table}
        columnConfig={COLUMNS}
        data={rows}
        isStale={isStale}
        sort={{
          descriptor: sort,
          onSortChange: ({ column, direction }) =>
            change({
              sort: String(column),
              order: direction === 'descending' ? 'desc' : 'asc',
            }),
        }}
        emptyState={<EmptyList filtered={isFiltered(query)} />}
        pagination={
          list.total > PAGE_SIZE
            ? {
                type: 'page',
                pageSize: PAGE_SIZE,
                showPageSizeOptions: false,
                offset,
                totalCount: list.total,
                hasNextPage: offset + PAGE_SIZE < list.total,
                hasPreviousPage: offset > 0,
                onNextPage: () =>
                  change({ offset: String(offset + PAGE_SIZE) }),
                onPreviousPage: () =>
                  change({ offset: String(Math.max(0, offset - PAGE_SIZE)) }),
              }
            : { type: 'none' }
        }
      />
      <div className={styles.tableFooter}>
        <ListFooter list={list} />
      </div>
    </Card>
  );
}

function EmptyList(props: { filtered: boolean }) {
  return (
    <p>
      {props.filtered
        ? 'No component matches these filters.'
        : 'No component carries a mesh annotation yet. Add backstage.io/kubernetes-label-selector or backstage.io/kubernetes-id to a component.'}
    </p>
  );
}

function ListFooter(props: { list: ComponentList }) {
  const { list } = props;
  const { from, to } = list.window;
  // What a silent cluster's metrics say belongs to objects that may have changed since.
  const counted = list.clusters
    .filter(
      ({ state, metrics }) => state === 'fresh' && metrics.state === 'fresh',
    )
    .map(({ name }) => name);
  const left = list.clusters
    .filter(({ name }) => !counted.includes(name))
    .map(({ name }) => name);
  return (
    <SourceFooter source="query" at={metricsAsOf(list.clusters, counted)}>
      {formatCount(list.items.length)} of{' '}
      {formatQuantity(list.total, 'component')}.{' '}
      {counted.length > 0
        ? `Traffic from ${formatList(counted)}, ${presentClock(
            from,
          )} to ${presentClock(to)}`
        : 'No cluster gives traffic'}
      {left.length > 0 ? `; without ${formatList(left)}` : ''}.
    </SourceFooter>
  );
}
