import { Link, useLocation } from 'react-router-dom';
import styles from './SubViewNav.module.css';

/** Views below one address, each with its own; `search` goes along. */
export function SubViewNav(props: {
  label: string;
  /** Paths below `base`; the first view has an empty one. */
  views: readonly { path: string; label: string; count?: number }[];
  base: string;
  search: string;
}) {
  const { label, views, base, search } = props;
  const { pathname } = useLocation();
  const rest = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  const current = rest.split('/').filter(Boolean)[0] ?? '';
  return (
    <nav className={styles.views} aria-label={label}>
      {views.map(view => (
        <Link
          key={view.path}
          className={styles.view}
          to={{
            pathname: view.path ? `${base}/${view.path}` : base,
            search,
          }}
          aria-current={view.path === current ? 'page' : undefined}
        >
          {view.label}
          {view.count ? (
            <span className={styles.count}>{view.count}</span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}
