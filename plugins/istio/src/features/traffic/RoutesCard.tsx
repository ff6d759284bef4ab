import {
  formatDuration,
  type ClusterStatus,
  type Condition,
  type TrafficRoute,
  type TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import {
  MeshCard,
  ObjectLink,
  SourceFooter,
  StatusLabel,
  objectsAsOf,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import type { OpenIntent } from '../intents/types';
import { presentRoutes } from './presentRoutes';
import type { RouteGroup, RouteRow } from './presentRoutes';
import styles from './traffic.module.css';

/** One card per object with routes: the rules in the order Istio tries them. */
export function RoutesCards(props: {
  split: TrafficSplit;
  clusters: readonly ClusterStatus[];
  openIntent?: OpenIntent;
}) {
  const { split, clusters, openIntent } = props;
  const groups = presentRoutes(split);
  return (
    <>
      {groups.map(group => (
        <RoutesCard
          key={group.key}
          group={group}
          seconds={split.observed.seconds}
          clusters={clusters}
          alone={groups.length === 1}
          openIntent={openIntent}
        />
      ))}
    </>
  );
}

function RoutesCard(props: {
  group: RouteGroup;
  seconds: number;
  clusters: readonly ClusterStatus[];
  alone: boolean;
  openIntent?: OpenIntent;
}) {
  const { group, seconds, clusters, alone, openIntent } = props;
  const t = useLabels();
  return (
    <MeshCard
      title={t('cards.routes')}
      subtitle={
        alone
          ? 'checked from top to bottom, first match wins'
          : `for ${group.host}, checked from top to bottom`
      }
      flush
      footer={<RoutesFooter group={group} clusters={clusters} />}
    >
      <table className={`${tables.table} ${tables.edge}`}>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Rule</th>
            <th scope="col">When</th>
            <th scope="col" className={styles.target}>
              Goes to
            </th>
            <th scope="col" className={tables.number}>
              Requests, {formatDuration(seconds)}
            </th>
          </tr>
        </thead>
        <tbody>
          {group.rows.map(row => (
            <RouteTableRow
              key={row.route.id}
              row={row}
              openIntent={openIntent}
            />
          ))}
        </tbody>
      </table>
    </MeshCard>
  );
}

function RouteTableRow(props: { row: RouteRow; openIntent?: OpenIntent }) {
  const { row, openIntent } = props;
  const { route } = row;
  const { neverReached } = route;
  const shift =
    openIntent && route.shiftable.possible && !neverReached
      ? openIntent
      : undefined;
  return (
    <tr className={neverReached ? tables.warned : undefined}>
      <td>
        <strong>{row.number}</strong>
      </td>
      <td>
        <strong>{row.name}</strong>
        <span className={text.second}>{route.fieldPath}</span>
      </td>
      <td>
        <When conditions={route.when} />
        {neverReached && (
          <span className={`${text.small} ${styles.warning}`}>
            {neverReached.text}
          </span>
        )}
        {route.alsoSets.length > 0 && (
          <span className={text.second}>Also {route.alsoSets.join(', ')}</span>
        )}
      </td>
      <td className={neverReached ? text.muted : undefined}>
        <Target row={row} route={route} />
        {shift && (
          <button
            type="button"
            className={`${text.button} ${text.small} ${styles.shift}`}
            onClick={() => shift('shiftTraffic', { routeId: route.id })}
            aria-label={`Shift traffic of ${row.name}`}
          >
            Shift traffic
          </button>
        )}
      </td>
      <td className={tables.number}>
        <Volume row={row} />
      </td>
    </tr>
  );
}

function When(props: { conditions: readonly Condition[] }) {
  const { conditions } = props;
  if (conditions.length === 0) return <>Any request</>;
  return (
    <>
      {conditions.map((condition, index) => (
        <span key={condition.map(part => part.text).join('')}>
          {index > 0 && <span className={text.muted}> or </span>}
          {condition.map((part, position) =>
            part.literal ? (
              // Parts of a sentence have no identity but their place.
              <code key={`${position}:${part.text}`} className={text.mono}>
                {part.text}
              </code>
            ) : (
              <span key={`${position}:${part.text}`}>{part.text}</span>
            ),
          )}
        </span>
      ))}
    </>
  );
}

function Target(props: { row: RouteRow; route: TrafficRoute }) {
  const { target, observed } = props.row;
  if (typeof target === 'string') return <>{target}</>;
  return (
    <>
      {target.map(({ label, share }, index) => (
        <span key={`${label}/${index}`}>
          {index > 0 && ', '}
          {label} <strong>{share}</strong>
        </span>
      ))}
      {observed && <span className={text.second}>{observed}</span>}
    </>
  );
}

function Volume(props: { row: RouteRow }) {
  const { volume } = props.row;
  if (volume.state === 'some') {
    return (
      <>
        <strong>{volume.count}</strong>
        <span className={text.second}>{volume.rate}</span>
      </>
    );
  }
  if (volume.state === 'unknown') {
    return (
      <>
        <StatusLabel status="unknown" />
        <span className={text.second}>not told apart</span>
      </>
    );
  }
  return (
    <StatusLabel
      status={volume.state}
      plainText={volume.state === 'noRequests'}
    />
  );
}

function RoutesFooter(props: {
  group: RouteGroup;
  clusters: readonly ClusterStatus[];
}) {
  const { group, clusters } = props;
  const at = objectsAsOf(clusters, group.clusters);
  const where = group.clusters.join(', ');
  const gateways =
    group.gateways.length > 0 ? `, also at ${group.gateways.join(', ')}` : '';
  if (!group.object) {
    return (
      <SourceFooter source="computed" at={at}>
        No object routes {group.host}: Istio’s default, all pods of the Service
        ({where})
      </SourceFooter>
    );
  }
  return (
    <SourceFooter source="object" at={at}>
      <ObjectLink object={group.object} />, {where}
      {gateways}
    </SourceFooter>
  );
}
