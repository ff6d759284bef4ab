import { Link } from 'react-router-dom';
import { CardGrid, presentChangeTitle } from '../../components';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import { ChangeLink } from '../meshTab/ChangeLink';
import { FindingLink } from '../meshTab/FindingLink';
import type { MeshViewProps } from '../meshTab/MeshViews';
import { FindingsCard } from '../findings/FindingsCard';
import { EncryptionCard } from './EncryptionCard';
import { HealthCard } from './HealthCard';
import { NeighboursCard } from './NeighboursCard';
import { RecentChangesCard } from './RecentChangesCard';
import { TrafficSplitCard } from './TrafficSplitCard';

/** Health, split, encryption, neighbours and last changes at a glance. */
export function Overview(props: MeshViewProps) {
  const { entity, entityRef, mesh, signals, base, scope, openIntent } = props;
  const { search } = scope;
  const shift = openIntent && (
    <ShiftButton
      onPress={() =>
        openIntent('shiftTraffic', {
          routeId: mesh.split?.primaryRouteId,
        })
      }
    />
  );
  return (
    <CardGrid>
      <HealthCard mesh={mesh} signals={signals} span={5} causeIsAbove />
      {mesh.split && (
        <TrafficSplitCard
          split={mesh.split}
          clusters={mesh.clusters}
          span={3}
          action={shift}
          moreRoutes={count => (
            <Link
              className={text.link}
              to={{ pathname: `${base}/traffic`, search }}
            >
              {count === 1 ? '1 more route' : `${count} more routes`}
            </Link>
          )}
        />
      )}
      {mesh.mtls && (
        <EncryptionCard
          mtls={mesh.mtls}
          clusters={mesh.clusters}
          counted={mesh.health?.countedClusters}
          span={4}
        />
      )}
      <NeighboursCard mesh={mesh} name={entity.metadata.name} span={6} />
      <FindingsCard
        entityRef={entityRef}
        span={3}
        linkTo={(finding, words) => (
          <FindingLink base={base} search={search} finding={finding}>
            {words}
          </FindingLink>
        )}
      />
      <Changes {...props} />
    </CardGrid>
  );
}

/** The last changes, each a link into the Changes view. */
function Changes(props: MeshViewProps) {
  const { entity, mesh, base, scope } = props;
  const { search } = scope;
  return (
    <RecentChangesCard
      changes={mesh.recentChanges}
      span={3}
      linkTo={change => (
        <ChangeLink base={base} search={search} id={change.id}>
          {presentChangeTitle(change.title, entity.metadata.name)}
        </ChangeLink>
      )}
      action={
        <Link
          className={text.link}
          to={{ pathname: `${base}/changes`, search }}
        >
          All
        </Link>
      }
    />
  );
}

function ShiftButton(props: { onPress: () => void }) {
  const t = useLabels();
  return (
    <button type="button" className={text.button} onClick={props.onPress}>
      {t('toolbar.shiftTraffic')}
    </button>
  );
}
