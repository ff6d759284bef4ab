import { Link, useLocation } from 'react-router-dom';
import { useLabels } from '../../translation';
import styles from './meshTab.module.css';

const VIEWS = [
  { path: '', label: 'views.overview' },
  { path: 'traffic', label: 'views.traffic' },
  { path: 'security', label: 'views.security' },
  { path: 'changes', label: 'views.changes' },
] as const;

/** The tab's views, each with its own address; window and clusters go along. */
export function ViewNav(props: { base: string; search: string }) {
  const { base, search } = props;
  const t = useLabels();
  const { pathname } = useLocation();
  const rest = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  const current = rest.split('/').filter(Boolean)[0] ?? '';
  return (
    <nav className={styles.views} aria-label={t('views.label')}>
      {VIEWS.map(({ path, label }) => (
        <Link
          key={path}
          className={styles.view}
          to={{ pathname: path ? `${base}/${path}` : base, search }}
          aria-current={path === current ? 'page' : undefined}
        >
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}
