import { Link } from 'react-router-dom';
import text from '../../components/text.module.css';

/** The findings of the component, one of them opened where it is named. */
export function FindingLink(props: {
  base: string;
  /** Window and clusters to keep. */
  search: string;
  finding?: string;
  children: string;
}) {
  const { base, search, finding, children } = props;
  const params = new URLSearchParams(search);
  if (finding) params.set('finding', finding);
  const query = params.toString();
  return (
    <Link
      className={text.link}
      to={{ pathname: `${base}/findings`, search: query && `?${query}` }}
    >
      {children}
    </Link>
  );
}
