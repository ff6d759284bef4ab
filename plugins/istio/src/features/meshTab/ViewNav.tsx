import { SubViewNav } from '../../components';
import { useLabels } from '../../translation';

const VIEWS = [
  { path: '', label: 'views.overview' },
  { path: 'traffic', label: 'views.traffic' },
  { path: 'security', label: 'views.security' },
  { path: 'findings', label: 'views.findings' },
  { path: 'changes', label: 'views.changes' },
] as const;

/** The tab's views, each with its own address; window and clusters go along. */
export function ViewNav(props: { base: string; search: string }) {
  const { base, search } = props;
  const t = useLabels();
  return (
    <SubViewNav
      label={t('views.label')}
      views={VIEWS.map(({ path, label }) => ({ path, label: t(label) }))}
      base={base}
      search={search}
    />
  );
}
