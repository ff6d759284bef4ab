import { Select } from '@backstage/ui';
import { useLabels } from '../translation';
import styles from './filters.module.css';

const ALL = 'all values';

/** Limits a list to one value, or to none. */
export function FilterSelect(props: {
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
