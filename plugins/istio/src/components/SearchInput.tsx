import { useEffect, useState } from 'react';
import { SearchField } from '@backstage/ui';
import styles from './filters.module.css';

/** Typing is given this much peace before the list is asked. */
const TYPING_MS = 250;

/** Free search of a list. */
export function SearchInput(props: {
  label: string;
  initial: string;
  onSearch: (text: string) => void;
}) {
  const { label, initial, onSearch } = props;
  const [typed, setTyped] = useState(initial);
  // Something else may empty it: a button, the Back button, a link.
  useEffect(() => setTyped(initial), [initial]);
  useEffect(() => {
    if (typed === initial) return undefined;
    const timer = setTimeout(() => onSearch(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, initial, onSearch]);
  return (
    <SearchField
      className={styles.search}
      size="small"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={setTyped}
    />
  );
}
