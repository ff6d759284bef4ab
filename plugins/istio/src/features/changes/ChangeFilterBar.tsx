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
      <Select
        className={styles.select}
        aria-label="Who"
        size="small"
        options={[
          { id: ALL, label: 'Who: all' },
          ...people.map(ref => ({ id: ref, label: presentRefName(ref) })),
        ]}
        value={filters.by ?? ALL}
        onChange={id =>
          onChange({ by: id === ALL || id === null ? undefined : String(id) })
        }
      />
      <Select
        className={styles.select}
        aria-label="Result"
        size="small"
        options={[{ id: ALL, label: 'Result: all' }, ...RESULTS]}
        value={filters.state ?? ALL}
        onChange={id =>
          onChange({
            result: id === ALL || id === null ? undefined : String(id),
          })
        }
      />
      <Select
        className={styles.select}
        aria-label="Origin"
        size="small"
        options={ORIGINS}
        value={filters.origin ?? ALL}
        onChange={id =>
          onChange({
            origin: id === ALL || id === null ? undefined : String(id),
          })
        }
      />
      {count && (
        <span className={styles.count} role="status">
          {count}
        </span>
      )}
    </div>
  );
}
