import { Card } from '@backstage/ui';
import type { ClusterStatus } from '@istio-backstage/plugin-istio-common';
import {
  Age,
  asSentence,
  ClusterState,
  Hint,
  presentClock,
} from '../../components';
import text from '../../components/text.module.css';
import styles from './meshPage.module.css';

/** One small card per cluster: how current its data is, and what does not work. */
export function ClusterCards(props: { clusters: readonly ClusterStatus[] }) {
  return (
    <ul className={styles.clusters} aria-label="Clusters">
      {props.clusters.map(cluster => (
        <li key={cluster.name}>
          <Card className={styles.cluster}>
            <p className={styles.clusterHead}>
              <strong>{cluster.name}</strong>
              <span className={`${styles.end} ${text.small}`}>
                <ClusterState cluster={cluster} />
              </span>
            </p>
            <ClusterLines cluster={cluster} />
          </Card>
        </li>
      ))}
    </ul>
  );
}

function ClusterLines(props: { cluster: ClusterStatus }) {
  const { name, state, asOf, message, istioVersion, metrics, missingKinds } =
    props.cluster;
  return (
    <>
      {message && <p>{asSentence(message)}</p>}
      {state === 'stale' && asOf && (
        <p>
          Shown as it was at {presentClock(asOf)} UTC. Changes to {name} are
          off.
        </p>
      )}
      {state === 'fresh' && (
        <p>
          {istioVersion ? `Istio ${istioVersion}` : 'Istio version unknown'}
        </p>
      )}
      <MetricsLine metrics={metrics} />
      {missingKinds.length > 0 && (
        <p>
          <Hint
            text={missingKinds
              .map(({ kind, why }) => `${kind}: ${why}`)
              .join('; ')}
          >
            Not read: {missingKinds.map(({ kind }) => kind).join(', ')}
          </Hint>
        </p>
      )}
    </>
  );
}

function MetricsLine(props: { metrics: ClusterStatus['metrics'] }) {
  const { state, asOf, message } = props.metrics;
  if (state === 'fresh' && asOf) {
    return (
      <p>
        Metrics <Age at={asOf} />
      </p>
    );
  }
  const words = {
    fresh: 'Metrics are there, their age is unknown',
    stale: 'Metrics are stale',
    unreachable: 'Metrics do not answer',
    notConfigured: 'No metrics are configured',
    starting: 'Metrics: first answer is awaited',
  };
  return (
    <p>
      {words[state]}
      {message ? `: ${message}` : ''}
    </p>
  );
}
