import { useState } from 'react';
import {
  formatRate,
  formatShare,
  type ComponentMesh,
} from '@istio-backstage/plugin-istio-common';
import {
  EntityLink,
  MeshCard,
  SourceFooter,
  StatusLabel,
  StatusShape,
  metricsAsOf,
} from '../../components';
import type { CardSpan } from '../../components/MeshCard';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import { presentNeighbours } from './presentNeighbours';
import type { NeighbourItem } from './presentNeighbours';
import styles from './overview.module.css';

/** More boxes than this on one side start folded. */
const FOLD = 6;

/** Who calls the component and whom it calls, with rate, failures and owner. */
export function NeighboursCard(props: {
  mesh: ComponentMesh;
  name: string;
  span?: CardSpan;
}) {
  const { mesh, name, span } = props;
  const t = useLabels();
  const callers = presentNeighbours(mesh.neighbours, 'caller');
  const callees = presentNeighbours(mesh.neighbours, 'callee');
  return (
    <MeshCard
      title={t('cards.neighbours')}
      subtitle={`who calls ${name}, whom ${name} calls`}
      span={span}
      footer={
        <SourceFooter
          source="query"
          at={metricsAsOf(mesh.clusters, mesh.health?.countedClusters)}
        >
          Requests per second and failed share. Boxed slash: outside the mesh.
        </SourceFooter>
      }
    >
      <div className={styles.neighbours}>
        <Side
          items={callers}
          label={`Callers of ${name}`}
          none="Nobody called it"
        />
        <Edges items={callers.slice(0, FOLD)} towards="self" />
        <Self mesh={mesh} name={name} />
        <Edges items={callees.slice(0, FOLD)} towards="others" />
        <Side
          items={callees}
          label={`Called by ${name}`}
          none="It called nobody"
        />
      </div>
    </MeshCard>
  );
}

function Self(props: { mesh: ComponentMesh; name: string }) {
  const { health } = props.mesh;
  const share = health?.inbound.errorShare;
  return (
    <div className={styles.self}>
      <strong>{props.name}</strong>
      {health && (
        <>
          <div>{formatRate(health.inbound.requestsPerSecond)} req/s</div>
          <StatusLabel status={health.status}>
            {share === undefined ? undefined : formatShare(share)}
          </StatusLabel>
        </>
      )}
    </div>
  );
}

function Side(props: { items: NeighbourItem[]; label: string; none: string }) {
  const { items, label, none } = props;
  const [open, setOpen] = useState(false);
  if (items.length === 0) {
    return (
      <div className={styles.side}>
        <p className={`${text.muted} ${text.small}`}>{none} in this window.</p>
      </div>
    );
  }
  const shown = open ? items : items.slice(0, FOLD);
  return (
    <div className={styles.side}>
      <ul aria-label={label} className={styles.side} style={{ flex: 1 }}>
        {shown.map(item => (
          <Box key={item.key} item={item} />
        ))}
      </ul>
      {items.length > FOLD && (
        <button
          type="button"
          className={`${text.button} ${text.small}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show fewer' : `Show ${items.length - FOLD} more`}
        </button>
      )}
    </div>
  );
}

function Box(props: { item: NeighbourItem }) {
  const { item } = props;
  const failing = item.status === 'degraded' || item.status === 'failing';
  return (
    <li className={`${styles.box} ${styles[item.status] ?? ''}`}>
      <div className={styles.who}>
        <span>
          {item.entityRef ? (
            <EntityLink entityRef={item.entityRef} mesh>
              {item.name}
            </EntityLink>
          ) : (
            item.name
          )}
          {item.outsideMesh && (
            <span title="Outside the mesh">
              {' '}
              <StatusShape shape="boxedSlash" tone="quiet" />
              <span className={text.hidden}>, outside the mesh</span>
            </span>
          )}
        </span>
        <span className={text.second}>
          {item.ownerRef ? (
            <EntityLink entityRef={item.ownerRef} />
          ) : (
            item.place
          )}
        </span>
      </div>
      <div className={styles.numbers}>
        <span>{item.volume}</span>
        {failing ? (
          <StatusLabel status={item.status}>{item.errors}</StatusLabel>
        ) : (
          <span className={text.muted}>
            {item.errors ?? 'failures unknown'}
          </span>
        )}
      </div>
    </li>
  );
}

/** Lines from the boxes to the component; the boxes themselves carry the words. */
function Edges(props: { items: NeighbourItem[]; towards: 'self' | 'others' }) {
  const { items, towards } = props;
  return (
    <svg
      className={styles.edges}
      viewBox="0 0 36 100"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {items.map((item, index) => {
        const y = ((index + 0.5) / items.length) * 100;
        const d =
          towards === 'self'
            ? `M0 ${y}C20 ${y} 16 50 36 50`
            : `M0 50C20 50 16 ${y} 36 ${y}`;
        return (
          <path
            key={item.key}
            d={d}
            className={styles[item.status]}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
    </svg>
  );
}
