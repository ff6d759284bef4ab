import type { FindingList } from '@istio-backstage/plugin-istio-common';
import {
  FilterSelect,
  Pills,
  SearchInput,
  presentRefName,
  presentSeverity,
} from '../../components';
import filters from '../../components/filters.module.css';
import { useLabels } from '../../translation';
import { SEVERITIES } from '../findings/presentFindings';
import type { FindingQuery } from './findingQuery';
import type { ChangeFindings } from './MeshFindingsView';

/** Search, filters and the counts by severity; all of them live in the URL. */
export function FindingFilters(props: {
  query: FindingQuery;
  change: ChangeFindings;
  onSearch: (search: string) => void;
  list?: FindingList;
}) {
  const { query, change, onSearch, list } = props;
  const t = useLabels();
  return (
    <div className={filters.filters} role="search">
      <SearchInput
        label={t('list.searchFindings')}
        initial={query.search ?? ''}
        onSearch={onSearch}
      />
      <FilterSelect
        label={t('list.owner')}
        value={query.owner}
        values={list?.facets.owners ?? []}
        present={presentRefName}
        onChange={owner => change({ owner })}
      />
      <FilterSelect
        label={t('list.namespace')}
        value={query.namespace}
        values={list?.facets.namespaces ?? []}
        onChange={namespace => change({ namespace })}
      />
      <FilterSelect
        label={t('list.cluster')}
        value={query.cluster}
        values={list?.facets.clusters ?? []}
        onChange={cluster => change({ cluster })}
      />
      <FilterSelect
        label={t('list.kind')}
        value={query.kind}
        values={list?.facets.kinds ?? []}
        onChange={kind => change({ kind })}
      />
      <FilterSelect
        label={t('list.code')}
        value={query.code}
        values={list?.facets.codes ?? []}
        onChange={code => change({ code })}
      />
      {list && <SeverityPills query={query} change={change} list={list} />}
    </div>
  );
}

function SeverityPills(props: {
  query: FindingQuery;
  change: ChangeFindings;
  list: FindingList;
}) {
  const { query, change, list } = props;
  const { counts } = list;
  const t = useLabels();
  return (
    <Pills
      label={t('list.severity')}
      pills={[
        { word: 'all', count: counts.error + counts.warning + counts.info },
        ...SEVERITIES.map(severity => ({
          word: presentSeverity(severity).many,
          count: counts[severity],
          value: severity,
          look: presentSeverity(severity),
        })),
      ]}
      chosen={query.severity}
      onChange={severity => change({ severity })}
    />
  );
}
