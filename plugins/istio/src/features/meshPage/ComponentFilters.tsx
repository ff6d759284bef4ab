import { useEffect, useState } from 'react';
import { SearchField, Select } from '@backstage/ui';
import {
  formatCount,
  type ComponentList,
} from '@istio-backstage/plugin-istio-common';
import { StatusShape, presentRefName, presentStatus } from '../../components';
import { useLabels } from '../../translation';
import type { ChangeList } from './MeshPage';
import type { ListQuery } from './listQuery';
import { presentCounts } from './presentSummary';
import styles from './meshPage.module.css';

/** Typing is given this much peace before the list is asked. */
const TYPING_MS = 250;

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
    <div className={styles.filters} role="search">
      <SearchInput
        key={query.search ? 'given' : 'empty'}
        initial={query.search ?? ''}
        onSearch={search => change({ search })}
      />
      <Filter
        label={t('list.owner')}
        value={query.owner}
        values={facets?.owners ?? []}
        present={presentRefName}
        onChange={owner => change({ owner })}
      />
      <Filter
        label={t('list.namespace')}
        value={query.namespace}
        values={facets?.namespaces ?? []}
        onChange={namespace => change({ namespace })}
      />
      <Filter
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

function SearchInput(props: {
  initial: string;
  onSearch: (text: string) => void;
}) {
  const { initial, onSearch } = props;
  const t = useLabels();
  const [typed, setTyped] = useState(initial);
  useEffect(() => {
    if (typed === initial) return undefined;
    const timer = setTimeout(() => onSearch(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, initial, onSearch]);
  return (
    <SearchField
      className={styles.search}
      size="small"
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      value={typed}
      onChange={setTyped}
    />
  );
}

const ALL = 'all values';

function Filter(props: {
  label: string;
  value?: string;
  values: readonly string[];
  present?: (value: string) => string;
  onChange: (value: string | undefined) => void;
}) {
  const { label, value, values, present = text => text, onChange } = props;
  const t = useLabels();
  const known = value && !values.includes(value) ? [value, ...values] : values;
  return (
    <Select
      className={styles.filter}
      aria-label={label}
      options={[
        { id: ALL, label: `${label}: ${t('list.all')}` },
        ...known.map(id => ({ id, label: present(id) })),
      ]}
      search={known.length > 10 ? true : undefined}
      value={value ?? ALL}
      onChange={key =>
        onChange(key === null || key === ALL ? undefined : String(key))
      }
    />
  );
}

function StatusPills(props: {
  counts: Record<string, number>;
  chosen?: string;
  onChange: (status: string | undefined) => void;
}) {
  const { counts, chosen, onChange } = props;
  const t = useLabels();
  return (
    <div className={styles.pills} role="group" aria-label={t('list.status')}>
      {presentCounts(counts).map(({ status, count, value }) => {
        const look = status === 'all' ? undefined : presentStatus(status);
        return (
          <button
            key={status}
            type="button"
            className={styles.pill}
            aria-pressed={chosen === value}
            onClick={() => onChange(value)}
          >
            {look && <StatusShape shape={look.shape} tone={look.tone} />}
            <strong>{formatCount(count)}</strong>{' '}
            {look ? look.word.toLocaleLowerCase('en') : 'all'}
          </button>
        );
      })}
    </div>
  );
}
