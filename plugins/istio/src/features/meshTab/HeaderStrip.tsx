import type { ReactNode } from 'react';
import {
  formatWrittenShare,
  type ComponentMesh,
  type GoldenSignals,
} from '@istio-backstage/plugin-istio-common';
import {
  Age,
  AgeRange,
  ClusterState,
  Hint,
  SentenceText,
  StatusShape,
  metricsAsOf,
  presentClock,
  presentRefName,
  presentSpan,
  presentStatus,
  useNow,
} from '../../components';
import { useLabels } from '../../translation';
import { findOnset } from '../overview/presentSignals';
import type { Onset } from '../overview/presentSignals';
import {
  explainDataPlane,
  missingMetrics,
  partitionClusters,
  presentDataPlane,
  presentProxySync,
} from './presentFacts';

import styles from './meshTab.module.css';

/** The answer first: status in a sentence, then since when and after what; facts at the right. */
export function HeaderStrip(props: {
  mesh: ComponentMesh;
  signals?: GoldenSignals;
  linkToChange: (id: string, text: string) => ReactNode;
}) {
  const { mesh, signals, linkToChange } = props;
  const { health } = mesh;
  const onset =
    health && signals ? findOnset(signals, health.thresholds) : undefined;
  return (
    <section className={styles.strip} aria-label="Verdict">
      <div className={styles.say} data-testid="health-sentence">
        {health && (
          <>
            <StatusShape {...presentStatus(health.status)} size={24} />
            <div>
              <p>
                <SentenceText sentence={health.cause} boldLead />
              </p>
              {onset && (
                <OnsetLine
                  onset={onset}
                  threshold={health.thresholds.errors.degraded}
                  linkToChange={linkToChange}
                />
              )}
              {mesh.proxySync?.state === 'outOfSync' && (
                <p className={styles.why}>{mesh.proxySync.text}.</p>
              )}
            </div>
          </>
        )}
      </div>
      <Facts mesh={mesh} />
    </section>
  );
}

function OnsetLine(props: {
  onset: Onset;
  threshold: number;
  linkToChange: (id: string, text: string) => ReactNode;
}) {
  const { onset, threshold, linkToChange } = props;
  const since = Date.parse(onset.since);
  const span = useNow(now => presentSpan((now - since) / 1000));
  const { after } = onset;
  return (
    <p className={styles.why}>
      All inbound requests: above {formatWrittenShare(threshold)} since{' '}
      {presentClock(onset.since)} ({span}).
      {after && (
        <>
          {' '}
          {presentSpan(onset.secondsAfter ?? 0)} after{' '}
          {linkToChange(after.id, after.title)} at {presentClock(after.at)} by{' '}
          {presentRefName(after.by)}.
        </>
      )}
    </p>
  );
}

function Facts(props: { mesh: ComponentMesh }) {
  const { dataPlane, proxySync, clusters } = props.mesh;
  const t = useLabels();
  const plane = dataPlane && presentDataPlane(dataPlane);
  const { fresh, others } = partitionClusters(clusters);
  const ages = fresh.flatMap(({ asOf }) => asOf ?? []);
  return (
    <dl className={styles.facts}>
      {dataPlane && plane && (
        <div className={styles.optional}>
          <dt>{t('facts.dataPlane')}</dt>
          <dd>
            <Hint text={explainDataPlane(dataPlane)}>{plane.value}</Hint>
          </dd>
          <dd>{plane.note}</dd>
          {proxySync && (
            <dd>
              {proxySync.state === 'outOfSync' && (
                <>
                  <StatusShape {...presentStatus('degraded')} size={12} />{' '}
                </>
              )}
              <Hint text={`${proxySync.text}.`}>
                {presentProxySync(proxySync)}
              </Hint>
              {proxySync.asOf && (
                <>
                  , <Age at={proxySync.asOf} />
                </>
              )}
            </dd>
          )}
        </div>
      )}
      <div>
        <dt>{t('facts.clusters')}</dt>
        {fresh.length > 0 && (
          <dd>{fresh.map(({ name }) => name).join(', ')}</dd>
        )}
        {ages.length > 0 && (
          <dd>
            <AgeRange at={ages} />
          </dd>
        )}
        {others.map(cluster => (
          <dd key={cluster.name}>
            {cluster.name} <ClusterState cluster={cluster} />
          </dd>
        ))}
      </div>
      <MetricsFact mesh={props.mesh} />
    </dl>
  );
}

function MetricsFact(props: { mesh: ComponentMesh }) {
  const { clusters, health } = props.mesh;
  const t = useLabels();
  const at = metricsAsOf(clusters, health?.countedClusters);
  const missing = missingMetrics(clusters, health?.leftOut);
  return (
    <div className={styles.optional}>
      <dt>{t('facts.metrics')}</dt>
      <dd>{at ? <Age at={at} /> : 'None'}</dd>
      {missing.length === 0 ? (
        <dd>Prometheus</dd>
      ) : (
        missing.map(({ cluster, why }) => (
          <dd key={cluster}>
            {cluster}: {why}
          </dd>
        ))
      )}
    </div>
  );
}
