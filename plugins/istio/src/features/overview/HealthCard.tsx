import type { ReactNode } from 'react';
import {
  formatList,
  formatQuantity,
  type ComponentMesh,
  type GoldenSignals,
  type HealthResult,
} from '@istio-backstage/plugin-istio-common';
import {
  CopyText,
  ErrorNote,
  InfoPopover,
  LinesSkeleton,
  MeshCard,
  Note,
  SentenceText,
  SourceErrors,
  SourceFooter,
  StatusLabel,
  metricsAsOf,
  presentClock,
  splitLead,
  unsaidErrors,
} from '../../components';
import type { CardSpan } from '../../components/MeshCard';
import { useLabels } from '../../translation';
import { SignalsTable } from './SignalsTable';
import styles from './overview.module.css';

/** What the health card needs of a query of golden signals. */
export interface SignalsState {
  data?: GoldenSignals;
  error: unknown;
  refetch(): void;
}

/** Health: the sentence of cause, then rate, errors and latency over time. */
export function HealthCard(props: {
  mesh: ComponentMesh;
  signals: SignalsState;
  span?: CardSpan;
  action?: ReactNode;
  /** Leaves out the cause where a header above says it already. */
  causeIsAbove?: boolean;
}) {
  const { mesh, signals, span, action, causeIsAbove } = props;
  const t = useLabels();
  const { health } = mesh;
  if (!health) return null;
  return (
    <MeshCard
      title={t('cards.health')}
      span={span}
      action={action}
      chip={
        <StatusLabel status={health.status} chip>
          {splitLead(health.cause).lead}
        </StatusLabel>
      }
      footer={<HealthFooter mesh={mesh} health={health} query={signals.data} />}
    >
      <div className={styles.health}>
        {!causeIsAbove && (
          <p>
            <SentenceText sentence={health.cause} boldLead />
          </p>
        )}
        {health.detail && (
          <p>
            <SentenceText sentence={health.detail} />
          </p>
        )}
        <Readiness health={health} />
        <Signals signals={signals} health={health} mesh={mesh} />
        {health.thresholdProblems?.map(problem => (
          <Note key={problem} tone="quiet" shape="question">
            {problem}
          </Note>
        ))}
        {health.leftOut.length > 0 && (
          <Note tone="quiet" shape="clock">
            Left out of the numbers:{' '}
            {health.leftOut
              .map(({ cluster, why }) => `${cluster} (${why})`)
              .join('; ')}
          </Note>
        )}
      </div>
    </MeshCard>
  );
}

function Signals(props: {
  signals: SignalsState;
  health: HealthResult;
  mesh: ComponentMesh;
}) {
  const { mesh, health } = props;
  const { data, error, refetch } = props.signals;
  if (data) {
    const errors = unsaidErrors({
      errors: data.errors,
      clusters: mesh.clusters,
      said: mesh.errors,
    });
    return (
      <>
        <SourceErrors errors={errors} />
        <SignalsTable answer={data} thresholds={health.thresholds} />
      </>
    );
  }
  if (error) {
    return (
      <ErrorNote
        what="The course of rate, errors and latency"
        error={error}
        onRetry={refetch}
      />
    );
  }
  return <LinesSkeleton lines={6} label="Loading golden signals" />;
}

/** Workloads that lack ready pods; nothing when all are there. */
function Readiness(props: { health: HealthResult }) {
  const lacking = props.health.readiness.filter(
    ({ ready, desired }) => ready < desired,
  );
  if (lacking.length === 0) return null;
  return (
    <ul>
      {lacking.map(({ cluster, workload, ready, desired }) => (
        <li key={`${cluster}/${workload}`}>
          <StatusLabel status="notReady" plainText>
            {workload} in {cluster}: {ready} of {desired} pods ready
          </StatusLabel>
        </li>
      ))}
    </ul>
  );
}

function HealthFooter(props: {
  mesh: ComponentMesh;
  health: HealthResult;
  query?: GoldenSignals;
}) {
  const { mesh, health, query } = props;
  const { from, to } = mesh.window;
  const counted = health.countedClusters;
  return (
    <SourceFooter source="query" at={metricsAsOf(mesh.clusters, counted)}>
      {formatQuantity(health.inbound.requests, 'inbound request')},{' '}
      {presentClock(from)} to {presentClock(to)}
      {counted.length > 0 ? `, ${formatList(counted)}` : ''}
      {query?.query && (
        <>
          {', '}
          <InfoPopover
            trigger="query"
            label="Show the query"
            title="Prometheus query of the rate"
          >
            <CopyText text={query.query} label="query" />
          </InfoPopover>
        </>
      )}
    </SourceFooter>
  );
}
