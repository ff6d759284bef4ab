import { useCallback, useEffect, useId, useState } from 'react';
import { Button, Select, TextField } from '@backstage/ui';
import {
  AUDIT_ENTRY_KINDS,
  AUDIT_RESULTS,
} from '@istio-backstage/plugin-istio-common';
import { FilterSelect, SearchInput, presentStatus } from '../../components';
import type { StatusKind } from '../../components';
import filterStyles from '../../components/filters.module.css';
import { useLabels } from '../../translation';
import type { ChangeAudit } from './AuditView';
import {
  completeRef,
  isFiltered,
  toDay,
  toMoment,
  withoutFilters,
  type AuditParam,
  type AuditUrl,
} from './auditQuery';
import { presentKind } from './presentAudit';
import styles from './audit.module.css';

const ABOUT = [
  { id: 'components', label: 'About: components' },
  { id: 'log', label: 'About: the log itself' },
  { id: 'all', label: 'About: everything' },
];

/** A filter that is typed; it counts when the field is left or Enter is pressed. */
function TypedFilter(props: {
  label: string;
  placeholder: string;
  value?: string;
  onChange: (text: string | undefined) => void;
}) {
  const { label, placeholder, value = '', onChange } = props;
  const [typed, setTyped] = useState(value);
  // The URL may change without this field, by the Back button or a link.
  useEffect(() => setTyped(value), [value]);
  const commit = () => {
    if (typed.trim() !== value) onChange(typed.trim() || undefined);
  };
  return (
    <TextField
      className={styles.typed}
      size="small"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={event => event.key === 'Enter' && commit()}
    />
  );
}

function DayFilter(props: {
  label: string;
  end: 'from' | 'to';
  value?: string;
  onChange: (moment: string | undefined) => void;
}) {
  const { label, end, value, onChange } = props;
  const id = useId();
  return (
    <span className={styles.day}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={toDay(value, end)}
        onChange={event => onChange(toMoment(event.target.value, end))}
      />
    </span>
  );
}

/** Who, component, object, cluster and ticket. */
function TypedFilters(props: { url: AuditUrl; change: ChangeAudit }) {
  const { filters } = props.url;
  const { change } = props;
  const fields: {
    name: AuditParam & keyof typeof filters;
    label: string;
    placeholder: string;
    refKind?: 'user' | 'component';
  }[] = [
    { name: 'by', label: 'Who', placeholder: 'Who', refKind: 'user' },
    {
      name: 'entityRef',
      label: 'Component',
      placeholder: 'Component',
      refKind: 'component',
    },
    { name: 'object', label: 'Object', placeholder: 'Kind ns/name' },
    { name: 'cluster', label: 'Cluster', placeholder: 'Cluster' },
    { name: 'ticket', label: 'Ticket', placeholder: 'Ticket' },
  ];
  return (
    <>
      {fields.map(({ name, label, placeholder, refKind }) => (
        <TypedFilter
          key={name}
          label={label}
          placeholder={placeholder}
          value={filters[name]}
          onChange={typed =>
            change({
              [name]: refKind ? completeRef(typed ?? '', refKind) : typed,
            })
          }
        />
      ))}
    </>
  );
}

function presentResultFilter(result: string): string {
  return result === 'undone' || result === 'recovered'
    ? presentKind(result)
    : presentStatus(result as StatusKind).word;
}

/** Kind of entry, result, and what it is about. */
function ChosenFilters(props: { url: AuditUrl; change: ChangeAudit }) {
  const { url, change } = props;
  const { kind, result } = url.filters;
  return (
    <>
      <FilterSelect
        label="Entry"
        value={kind}
        values={AUDIT_ENTRY_KINDS}
        present={presentKind}
        onChange={chosen => change({ kind: chosen })}
      />
      <FilterSelect
        label="Result"
        value={result}
        values={AUDIT_RESULTS}
        present={presentResultFilter}
        onChange={chosen => change({ result: chosen })}
      />
      <Select
        className={filterStyles.filter}
        aria-label="About"
        options={ABOUT}
        value={url.about}
        onChange={id =>
          change({ about: id === 'components' ? undefined : String(id) })
        }
      />
    </>
  );
}

/** Every filter of the log; they live in the URL. */
export function AuditFilters(props: { url: AuditUrl; change: ChangeAudit }) {
  const { url, change } = props;
  const { filters } = url;
  const t = useLabels();
  const onSearch = useCallback(
    (search: string) => change({ search: search || undefined }),
    [change],
  );
  return (
    <div
      className={filterStyles.filters}
      role="search"
      aria-label="Filter the log"
    >
      <SearchInput
        label={t('list.searchAudit')}
        initial={filters.search ?? ''}
        onSearch={onSearch}
      />
      <TypedFilters url={url} change={change} />
      <ChosenFilters url={url} change={change} />
      <DayFilter
        label="From"
        end="from"
        value={filters.from}
        onChange={from => change({ from })}
      />
      <DayFilter
        label="To"
        end="to"
        value={filters.to}
        onChange={to => change({ to })}
      />
      {isFiltered(url) && (
        <Button
          size="small"
          variant="tertiary"
          onPress={() => change(withoutFilters(url))}
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}
