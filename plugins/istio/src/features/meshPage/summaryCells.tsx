import { Cell } from '@backstage/ui';
import {
  EntityLink,
  Moment,
  SentenceText,
  SplitBar,
  StatusLabel,
  presentChangeTitle,
  presentRefName,
  sentenceToText,
  tintOfVersion,
} from '../../components';
import text from '../../components/text.module.css';
import type { SummaryRow } from './presentSummary';
import styles from './meshPage.module.css';

interface CellProps {
  row: SummaryRow;
}

export function NameCell({ row }: CellProps) {
  return (
    <Cell className={styles.cell}>
      <strong>
        <EntityLink entityRef={row.id} mesh>
          {row.title}
        </EntityLink>
      </strong>
      <span className={text.second}>{row.kind}</span>
    </Cell>
  );
}

export function OwnerCell({ row }: CellProps) {
  return (
    <Cell className={styles.cell}>
      {row.ownerRef ? (
        <EntityLink entityRef={row.ownerRef} />
      ) : (
        <span className={text.muted}>No owner</span>
      )}
      <span className={text.second}>{row.namespaces}</span>
    </Cell>
  );
}

export function ClustersCell({ row }: CellProps) {
  return (
    <Cell className={styles.cell}>
      <span className={text.small}>{row.clusters.join(', ')}</span>
      {row.staleClusters.map(name => (
        <span key={name} className={text.second}>
          <StatusLabel status="stale">{name}, stale</StatusLabel>
        </span>
      ))}
    </Cell>
  );
}

export function HealthCell({ row }: CellProps) {
  return (
    <Cell className={styles.cell}>
      <StatusLabel status={row.status}>{row.statusWord}</StatusLabel>
      <span
        className={`${text.second} ${styles.cause}`}
        title={sentenceToText(row.cause)}
      >
        <SentenceText sentence={row.cause} />
      </span>
    </Cell>
  );
}

export function EncryptionCell({ row }: CellProps) {
  return (
    <Cell className={styles.cell}>
      {row.encrypted === 'Unknown' ? (
        <StatusLabel status="unknown" />
      ) : (
        row.encrypted
      )}
      <span className={text.second}>{row.modes}</span>
    </Cell>
  );
}

export function SplitCell({ row }: CellProps) {
  if (row.splitNote) {
    return (
      <Cell className={styles.cell}>
        <span className={`${text.muted} ${text.small}`}>{row.splitNote}</span>
      </Cell>
    );
  }
  return (
    <Cell className={styles.cell}>
      <div className={styles.split}>
        {row.split.map(({ label, share, configured, observed }, index) => (
          <div key={label} className={styles.splitLine}>
            <span>{label}</span>
            <SplitBar
              share={share}
              variant="observed"
              tint={tintOfVersion(index)}
              thin
            />
            <span>
              {configured} <span className={text.muted}>{observed}</span>
            </span>
          </div>
        ))}
      </div>
    </Cell>
  );
}

export function ChangeCell({ row }: CellProps) {
  const change = row.summary.lastChange;
  if (!change) {
    return (
      <Cell className={styles.cell}>
        <span className={text.muted}>None seen</span>
      </Cell>
    );
  }
  return (
    <Cell className={styles.cell}>
      {presentChangeTitle(change.title, presentRefName(row.id))}
      <span className={text.second}>
        <Moment at={change.at} />, {presentRefName(change.by)}
      </span>
    </Cell>
  );
}
