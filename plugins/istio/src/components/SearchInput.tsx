import { useEffect, useRef, useState } from 'react';
import { SearchField } from '@backstage/ui';
import styles from './filters.module.css';

/** Typing is given this much peace before the list is asked. */
const TYPING_MS = 250;
/** As much as the lists' routes take. */
const LONGEST = 200;

/** Free search of a list. */
export function SearchInput(props: {
  label: string;
  initial: string;
  onSearch: (text: string) => void;
}) {
  const { label, initial, onSearch } = props;
  const [typed, setTyped] = useState(initial);
  // What was asked for comes back while more is typed already.
  const asked = useRef(initial);
  // Something else may empty it: a button, the Back button, a link.
  useEffect(() => {
    if (initial === asked.current) return;
    asked.current = initial;
    setTyped(initial);
  }, [initial]);
  useEffect(() => {
    if (typed === initial) return undefined;
    const timer = setTimeout(() => {
      asked.current = typed;
      onSearch(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, initial, onSearch]);
  return (
    <SearchField
      className={styles.search}
      size="small"
      aria-label={label}
      placeholder={label}
      maxLength={LONGEST}
      value={typed}
      onChange={setTyped}
    />
  );
}
