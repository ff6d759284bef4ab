import { useCallback } from 'react';
import { Select } from '@backstage/ui';
import { changeStateSchema } from '@istio-backstage/plugin-istio-common';
import { SearchInput, presentRefName, presentStatus } from '../../components';
import type { ChangeFilters } from './changeFilters';
import type { ChangeFilterPatch } from './useChangesUrl';
import styles from './changes.module.css';

const ALL = 'all';

const RESULTS = changeStateSchema.options.map(state => ({
  id: state,
  label: presentStatus(state).word,
}));

const ORIGINS = [
  { id: ALL, label: 'Origin: all' },
  { id: 'portal', label: 'The portal' },
  { id: 'outside', label: 'Outside the portal' },
];

/** One of the options, or all of them. */
function Choice(props: {
  label: string;
  options: { id: string; label: string }[];
  value?: string;
  onChange: (id: string | undefined) => void;
}) {
  const { label, options, value, onChange } = props;
  return (
    <Select
      className={styles.select}
      aria-label={label}
      size="small"
      options={options}
      value={value ?? ALL}
      onChange={id =>
        onChange(id === ALL || id === null ? undefined : String(id))
      }
    />
  );
}

/** Search, who, result and origin; they live in the URL. */
export function ChangeFilterBar(props: {
  filters: ChangeFilters;
  /** Entity refs of people to choose from. */
  people: string[];
  /** How many are listed, in words. */
  count?: string;
  onChange: (patch: ChangeFilterPatch) => void;
  onSearch: (text: string | undefined) => void;
}) {
  const { filters, people, count, onChange, onSearch } = props;
  const search = useCallback(
    (text: string) => onSearch(text.trim() || undefined),
    [onSearch],
  );
  return (
    <div className={styles.filters} role="search" aria-label="Filter changes">
      <SearchInput
        label="Search changes"
        initial={filters.search ?? ''}
        onSearch={search}
      />
      <Choice
        label="Who"
        options={[
          { id: ALL, label: 'Who: all' },
          ...people.map(ref => ({ id: ref, label: presentRefName(ref) })),
        ]}
        value={filters.by}
        onChange={by => onChange({ by })}
      />
      <Choice
        label="Result"
        options={[{ id: ALL, label: 'Result: all' }, ...RESULTS]}
        value={filters.state}
        onChange={result => onChange({ result })}
      />
      <Choice
        label="Origin"
        options={ORIGINS}
        value={filters.origin}
        onChange={origin => onChange({ origin })}
      />
      {count && (
        <span className={styles.count} role="status">
          {count}
        </span>
      )}
    </div>
  );
}
