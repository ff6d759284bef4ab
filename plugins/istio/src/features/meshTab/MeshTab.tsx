import { stringifyEntityRef } from '@backstage/catalog-model';
import type {
  ComponentMesh,
  GoldenSignals,
} from '@istio-backstage/plugin-istio-common';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  BusyBar,
  CardSkeleton,
  CardGrid,
  ErrorNote,
  LinesSkeleton,
  SourceErrors,
  StaleClusterNotes,
  presentChangeTitle,
  unsaidErrors,
} from '../../components';
import {
  useChangeAccess,
  useComponentMesh,
  useGoldenSignals,
} from '../../data';
import { useLabels } from '../../translation';
import { IntentHost, useIntentDialog } from '../intents/IntentHost';
import { ActionsMenu } from './ActionsMenu';
import { ChangeLink } from './ChangeLink';
import { HeaderStrip } from './HeaderStrip';
import { MeshViews } from './MeshViews';
import { NoMatch } from './NoMatch';
import { ScopeControls } from './ScopeControls';
import { ViewNav } from './ViewNav';
import { sparklineWindow } from './meshWindows';
import { useMeshScope } from './useMeshScope';
import type { SelectedScope } from './useMeshScope';
import { useTabBase } from './useTabBase';
import styles from './meshTab.module.css';

/** The Mesh tab of a component. */
export function MeshTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const base = useTabBase();
  const scope = useMeshScope();
  const mesh = useComponentMesh(entityRef, scope);
  const signals = useGoldenSignals(entityRef, sparklineWindow(scope.window));
  const access = useChangeAccess(entityRef);
  const dialog = useIntentDialog();
  const { data } = mesh;

  return (
    <div className={styles.tab}>
      <div className={styles.toolbar}>
        <ViewNav base={base} search={scope.search} />
        <div className={styles.controls}>
          <ScopeControls scope={scope} clusters={knownClusters(data, scope)} />
          {data?.split && <ActionsMenu access={access} onOpen={dialog.open} />}
        </div>
      </div>
      {mesh.error && (
        <ErrorNote
          what="The mesh data of this component"
          error={mesh.error}
          onRetry={() => mesh.refetch()}
        />
      )}
      {mesh.isPlaceholderData && <BusyBar label="Reading the mesh" />}
      {data && (
        <Head
          mesh={data}
          signals={signals.data}
          name={entity.metadata.name}
          base={base}
          search={scope.search}
        />
      )}
      {!data && mesh.isPending && <TabSkeleton />}
      {data && (
        <MeshViews
          entity={entity}
          entityRef={entityRef}
          base={base}
          scope={scope}
          mesh={data}
          signals={signals}
          openIntent={
            access.offered && !access.refusal ? dialog.open : undefined
          }
        />
      )}
      {data && <IntentHost entityRef={entityRef} mesh={data} state={dialog} />}
    </div>
  );
}

/** Above every view: what failed, and either the verdict or why there is none. */
function Head(props: {
  mesh: ComponentMesh;
  signals?: GoldenSignals;
  name: string;
  base: string;
  search: string;
}) {
  const { mesh, signals, name, base, search } = props;
  return (
    <>
      <SourceErrors errors={unsaidErrors(mesh)} />
      <StaleClusterNotes clusters={mesh.clusters} />
      {mesh.health ? (
        <HeaderStrip
          mesh={mesh}
          signals={signals}
          linkToChange={(id, title) => (
            <ChangeLink base={base} search={search} id={id} inline>
              {presentChangeTitle(title, name)}
            </ChangeLink>
          )}
        />
      ) : (
        <NoMatch match={mesh.match} clusters={mesh.clusters} />
      )}
    </>
  );
}

/** Clusters to choose from: those of the answer, and chosen ones that the answer left out. */
function knownClusters(
  data: ComponentMesh | undefined,
  scope: SelectedScope,
): string[] {
  const names = data?.clusters.map(({ name }) => name) ?? [];
  return [...new Set([...names, ...scope.clusters])];
}

function TabSkeleton() {
  const t = useLabels();
  return (
    <>
      <div className={styles.strip}>
        <div className={styles.say}>
          <div style={{ flex: 1 }}>
            <LinesSkeleton lines={2} label="Loading health" />
          </div>
        </div>
      </div>
      <CardGrid>
        <CardSkeleton title={t('cards.health')} span={5} lines={8} />
        <CardSkeleton title={t('cards.split')} span={3} lines={7} />
        <CardSkeleton title={t('cards.encryption')} span={4} lines={8} />
        <CardSkeleton title={t('cards.neighbours')} span={6} lines={6} />
        <CardSkeleton title={t('cards.findings')} span={3} lines={5} />
        <CardSkeleton title={t('cards.recentChanges')} span={3} lines={5} />
      </CardGrid>
    </>
  );
}
