import type { ReactNode } from 'react';
import type {
  ClusterStatus,
  TrafficRoute,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import {
  MeshCard,
  ObjectLink,
  SourceFooter,
  SplitBar,
  StatusLabel,
  objectsAsOf,
  tintOfVersion,
} from '../../components';
import type { CardSpan } from '../../components/MeshCard';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import { presentSplit } from './presentSplit';
import type { SplitRow } from './presentSplit';
import styles from './overview.module.css';

/** Configured and observed share per version, side by side, and whether they agree. */
export function TrafficSplitCard(props: {
  split: TrafficSplit;
  clusters: readonly ClusterStatus[];
  span?: CardSpan;
  action?: ReactNode;
  /** Link to the view with all routes. */
  moreRoutes?: (count: number) => ReactNode;
}) {
  const { split, clusters, span, action, moreRoutes } = props;
  const t = useLabels();
  const summary = presentSplit(split);
  const { route } = summary;
  return (
    <MeshCard
      title={t('cards.split')}
      span={span}
      action={action}
      footer={<SplitFooter route={route} clusters={clusters} />}
    >
      {route ? (
        <ul className={styles.versions}>
          {summary.rows.map((row, index) => (
            <VersionShares
              key={row.key}
              row={row}
              index={index}
              isRouted={route.object !== undefined}
            />
          ))}
        </ul>
      ) : (
        <p>No route takes every request, so there is no one split to show.</p>
      )}
      <p className={text.small}>
        <StatusLabel status={summary.verdict} plainText wrap>
          {summary.verdictText}
        </StatusLabel>
      </p>
      {summary.remarks.map(remark => (
        <p key={remark} className={`${text.small} ${styles.remark}`}>
          {remark}
        </p>
      ))}
      {summary.otherRoutes > 0 && moreRoutes && (
        <p className={`${text.small} ${styles.remark}`}>
          {moreRoutes(summary.otherRoutes)}
        </p>
      )}
    </MeshCard>
  );
}

function VersionShares(props: {
  row: SplitRow;
  index: number;
  /** Some object sets the shares; else they follow the pods. */
  isRouted: boolean;
}) {
  const { row, index, isRouted } = props;
  const t = useLabels();
  return (
    <li>
      <p className={styles.versionName}>
        <strong>{row.label}</strong>
        <span className={`${text.muted} ${text.small}`}>{row.pods}</span>
      </p>
      <div className={styles.shares}>
        <span className={text.muted}>
          {t(isRouted ? 'split.configured' : 'split.byPods')}
        </span>
        <SplitBar share={row.configured} variant="configured" />
        <span className={styles.share}>{row.configuredText}</span>
        <span className={text.muted}>{t('split.observed')}</span>
        <SplitBar
          share={row.observed}
          variant="observed"
          tint={tintOfVersion(index)}
        />
        <strong className={styles.share}>{row.observedText}</strong>
      </div>
    </li>
  );
}

function SplitFooter(props: {
  route?: TrafficRoute;
  clusters: readonly ClusterStatus[];
}) {
  const { route, clusters } = props;
  const at = objectsAsOf(clusters, route?.clusters);
  if (!route?.object) {
    return (
      <SourceFooter source="computed" at={at}>
        Nothing sets a split: spread over all ready pods
      </SourceFooter>
    );
  }
  return (
    <SourceFooter source="object" at={at}>
      Set in{' '}
      <ObjectLink
        object={route.object}
        fieldPath={route.fieldPath}
        showPath={false}
        showKind={false}
      />{' '}
      {route.fieldPath}
    </SourceFooter>
  );
}
