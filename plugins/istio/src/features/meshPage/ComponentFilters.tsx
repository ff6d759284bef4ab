import type { ComponentList } from '@istio-backstage/plugin-istio-common';
import {
  FilterSelect,
  Pills,
  SearchInput,
  presentRefName,
  presentStatus,
} from '../../components';
import filters from '../../components/filters.module.css';
import { useLabels } from '../../translation';
import type { ChangeList } from './MeshPage';
import type { ListQuery } from './listQuery';
import { presentCounts } from './presentSummary';

/** Search, filters and the status pills; all of them live in the URL. */
export function ComponentFilters(props: {
  query: ListQuery;
  change: ChangeList;
  list?: ComponentList;
}) {
  const { query, change, list } = props;
  const t = useLabels();
  const facets = list?.facets;
  return (
    <div className={filters.filters} role="search">
      <SearchInput
        label={t('list.search')}
        initial={query.search ?? ''}
        onSearch={search => change({ search })}
      />
      <FilterSelect
        label={t('list.owner')}
        value={query.owner}
        values={facets?.owners ?? []}
        present={presentRefName}
        onChange={owner => change({ owner })}
      />
      <FilterSelect
        label={t('list.namespace')}
        value={query.namespace}
        values={facets?.namespaces ?? []}
        onChange={namespace => change({ namespace })}
      />
      <FilterSelect
        label={t('list.cluster')}
        value={query.cluster}
        values={facets?.clusters ?? []}
        onChange={cluster => change({ cluster })}
      />
      {list && (
        <StatusPills
          counts={list.counts}
          chosen={query.status}
          onChange={status => change({ status })}
        />
      )}
    </div>
  );
}

function StatusPills(props: {
  counts: Record<string, number>;
  chosen?: string;
  onChange: (status: string | undefined) => void;
}) {
  const { counts, chosen, onChange } = props;
  const t = useLabels();
  const pills = presentCounts(counts).map(({ status, count, value }) => {
    const look = status === 'all' ? undefined : presentStatus(status);
    return {
      word: look ? look.word.toLocaleLowerCase('en') : 'all',
      count,
      value,
      look,
    };
  });
  return (
    <Pills
      label={t('list.status')}
      pills={pills}
      chosen={chosen}
      onChange={onChange}
    />
  );
}
