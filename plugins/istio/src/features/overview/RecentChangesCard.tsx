import type { ReactNode } from 'react';
import type { ChangeMark } from '@istio-backstage/plugin-istio-common';
import {
  MeshCard,
  Moment,
  SourceFooter,
  StatusLabel,
  presentRefName,
} from '../../components';
import type { CardSpan } from '../../components/MeshCard';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import styles from './overview.module.css';

/** The last changes of the component, made through the portal or seen by its watches. */
export function RecentChangesCard(props: {
  changes: readonly ChangeMark[];
  /** Link of one change's title. */
  linkTo: (change: ChangeMark) => ReactNode;
  action?: ReactNode;
  span?: CardSpan;
}) {
  const { changes, linkTo, action, span } = props;
  const t = useLabels();
  return (
    <MeshCard
      title={t('cards.recentChanges')}
      action={action}
      span={span}
      flush
      footer={
        <SourceFooter source="record">
          Made through the portal, or seen by its watches
        </SourceFooter>
      }
    >
      {changes.length === 0 ? (
        <p className={`${text.muted} ${text.small} ${styles.padded}`}>
          None yet. A change made here, its reason and its result will be
          listed.
        </p>
      ) : (
        <ul className={styles.changes}>
          {changes.map(change => (
            <li key={change.id}>
              <div>
                {linkTo(change)}
                <span className={text.second}>
                  {change.by === 'outside'
                    ? 'Outside the portal'
                    : presentRefName(change.by)}
                  {change.ticket ? `, ${change.ticket}` : ''}
                </span>
              </div>
              <div className={styles.when}>
                <Moment at={change.at} />
                <div>
                  <StatusLabel status={change.state} />
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </MeshCard>
  );
}
