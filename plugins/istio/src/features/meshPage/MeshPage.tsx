import { Suspense, lazy, useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import {
  Navigate,
  Route,
  Routes,
  useResolvedPath,
  useSearchParams,
} from 'react-router-dom';
import { Header } from '@backstage/ui';
import {
  formatCount,
  type ComponentList,
} from '@istio-backstage/plugin-istio-common';
import {
  BusyBar,
  ErrorNote,
  LinesSkeleton,
  SourceErrors,
  SubViewNav,
  unsaidErrors,
} from '../../components';
import {
  IstioSurface,
  useApprovals,
  useComponentList,
  useUnreviewed,
} from '../../data';
import { useLabels } from '../../translation';
import { WindowSelect } from '../meshTab/ScopeControls';
import { DEFAULT_WINDOW } from '../meshTab/meshWindows';
import { ClusterCards } from './ClusterCards';
import { ComponentFilters } from './ComponentFilters';
import { ComponentTable } from './ComponentTable';
import { changeListParams, readListQuery } from './listQuery';
import type { ListQuery } from './listQuery';
import styles from './meshPage.module.css';

/** Changes parameters of the list's URL. */
export type ChangeList = (
  change: Parameters<typeof changeListParams>[1],
) => void;

/** What stands around the list: the page's title with facts and controls. */
export interface MeshPageFrame {
  facts: { label: string; value: string }[];
  controls: ReactNode;
  children: ReactNode;
}

const MeshFindingsView = lazy(() =>
  import('../meshFindings/MeshFindingsView').then(module => ({
    default: module.MeshFindingsView,
  })),
);

const MeshPostureView = lazy(() =>
  import('../meshPosture/MeshPostureView').then(module => ({
    default: module.MeshPostureView,
  })),
);

const ApprovalsView = lazy(() =>
  import('../changes/approvals/ApprovalsView').then(module => ({
    default: module.ApprovalsView,
  })),
);

const AuditView = lazy(() =>
  import('../audit/AuditView').then(module => ({ default: module.AuditView })),
);

const VerificationView = lazy(() =>
  import('../audit/VerificationView').then(module => ({
    default: module.VerificationView,
  })),
);

const MeshChangesView = lazy(() =>
  import('../changes/MeshChangesView').then(module => ({
    default: module.MeshChangesView,
  })),
);

/** What stands beside the list of components, and what is said while it loads. */
function subViews(auditBase: string) {
  return [
    {
      path: 'findings',
      view: <MeshFindingsView />,
      loading: 'Loading findings',
    },
    {
      path: 'posture',
      view: <MeshPostureView />,
      loading: 'Loading the posture',
    },
    {
      path: 'approvals',
      view: <ApprovalsView />,
      loading: 'Loading approvals',
    },
    { path: 'changes', view: <MeshChangesView />, loading: 'Loading changes' },
    {
      path: 'audit',
      view: <AuditView base={auditBase} />,
      loading: 'Loading the log',
    },
    {
      path: 'audit/verification',
      view: <VerificationView base={auditBase} />,
      loading: 'Loading the report',
    },
  ];
}

/**
 * Content of the mesh page: clusters, all components in the mesh, what the analysis finds, what waits for
 * approval, what was changed, the audit log.
 */
export function MeshPage(props: {
  /** Instead of the header that goes with the new frontend system's. */
  renderFrame?: (frame: MeshPageFrame) => ReactNode;
}) {
  const { renderFrame = renderOwnFrame } = props;
  const base = useResolvedPath('.').pathname.replace(/\/+$/, '');
  const renderSubView = (view: ReactNode, loading: string) =>
    renderFrame({
      facts: [],
      controls: null,
      children: (
        <div className={styles.page}>
          <PageNav base={base} />
          <Suspense fallback={<LinesSkeleton lines={12} label={loading} />}>
            {view}
          </Suspense>
        </div>
      ),
    });
  return (
    <IstioSurface>
      <Routes>
        <Route
          index
          element={<ComponentListView base={base} renderFrame={renderFrame} />}
        />
        {subViews(`${base}/audit`).map(({ path, view, loading }) => (
          <Route
            key={path}
            path={path}
            element={renderSubView(view, loading)}
          />
        ))}
        <Route path="*" element={<Navigate to={base} replace />} />
      </Routes>
    </IstioSurface>
  );
}

/** What is filtered in one view means nothing in the other, so nothing goes along. */
function PageNav(props: { base: string }) {
  const t = useLabels();
  const { data: approvals } = useApprovals();
  const { data: unreviewed } = useUnreviewed();
  return (
    <div>
      <SubViewNav
        label={t('page.label')}
        views={[
          { path: '', label: t('page.components') },
          { path: 'findings', label: t('page.findings') },
          { path: 'posture', label: t('page.posture') },
          {
            path: 'approvals',
            label: t('page.approvals'),
            count: approvals?.waitingForMe,
          },
          { path: 'changes', label: t('page.changes'), count: unreviewed },
          { path: 'audit', label: t('page.audit') },
        ]}
        base={props.base}
        search=""
      />
    </div>
  );
}

function renderOwnFrame({ facts, controls, children }: MeshPageFrame) {
  return (
    <main>
      <Header title="Mesh" metadata={facts} customActions={controls} />
      {children}
    </main>
  );
}

function useListParams(): { query: ListQuery; change: ChangeList } {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => readListQuery(params), [params]);
  const change = useCallback<ChangeList>(
    what => setParams(old => changeListParams(old, what), { replace: true }),
    [setParams],
  );
  return { query, change };
}

function ComponentListView(props: {
  base: string;
  renderFrame: (frame: MeshPageFrame) => ReactNode;
}) {
  const { query, change } = useListParams();
  const list = useComponentList(query);
  const { data } = list;
  return props.renderFrame({
    facts: data ? describeList(data) : [],
    controls: (
      <WindowSelect
        value={query.window ?? DEFAULT_WINDOW}
        onChange={window =>
          change({ window: window === DEFAULT_WINDOW ? undefined : window })
        }
      />
    ),
    children: (
      <div className={styles.page}>
        <PageNav base={props.base} />
        {list.isPlaceholderData && <BusyBar label="Reading the list" />}
        {list.error && (
          <ErrorNote
            what="The list of components"
            error={list.error}
            onRetry={() => list.refetch()}
          />
        )}
        {data && <ClusterCards clusters={data.clusters} />}
        {data && <SourceErrors errors={unsaidErrors(data)} />}
        <ComponentFilters query={query} change={change} list={data} />
        {data && (
          <ComponentTable
            list={data}
            query={query}
            change={change}
            isStale={list.isPlaceholderData}
          />
        )}
        {!data && list.isPending && (
          <div className={styles.loading}>
            <LinesSkeleton lines={12} label="Loading components" />
          </div>
        )}
      </div>
    ),
  });
}

/** Facts under the page's title: about the whole mesh, not about what is filtered. */
function describeList(list: ComponentList): { label: string; value: string }[] {
  const versions = [
    ...new Set(list.clusters.flatMap(({ istioVersion }) => istioVersion ?? [])),
  ];
  return [
    { label: 'Components', value: formatCount(list.all) },
    { label: 'Clusters', value: formatCount(list.clusters.length) },
    { label: 'Istio', value: versions.sort().join(', ') },
  ].filter(({ value }) => value !== '');
}
