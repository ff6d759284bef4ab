import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import text from '../../components/text.module.css';

/** One change, opened in the Changes view. */
export function ChangeLink(props: {
  base: string;
  /** Window and clusters to keep. */
  search: string;
  id: string;
  /** Stands inside a sentence. */
  inline?: boolean;
  children: ReactNode;
}) {
  const { base, search, id, inline, children } = props;
  const params = new URLSearchParams(search);
  params.set('change', id);
  return (
    <Link
      className={inline ? text.inline : text.link}
      to={{ pathname: `${base}/changes`, search: `?${params}` }}
    >
      {children}
    </Link>
  );
}
