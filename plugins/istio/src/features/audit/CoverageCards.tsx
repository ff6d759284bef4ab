import {
  formatCount,
  type AnchorComparison,
  type AuditCoverage,
} from '@istio-backstage/plugin-istio-common';
import {
  Age,
  MeshCard,
  Note,
  StatusLabel,
  presentFullTime,
  type StatusKind,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { ONLY_WITHOUT_KEY, anchorsOf } from './presentCoverage';
import styles from './audit.module.css';

const STATES: Record<
  AnchorComparison['state'],
  { status: StatusKind; word: string }
> = {
  agrees: { status: 'pass', word: 'Agrees' },
  contradicts: { status: 'failed', word: 'Contradicts the log' },
  empty: { status: 'unknown', word: 'Keeps nothing yet' },
  failed: { status: 'unknown', word: 'Could not be read' },
  notReadable: { status: 'unknown', word: 'Not readable from here' },
};

type Anchor = AuditCoverage['anchors'][number];

function AnchorRow(props: { anchor: Anchor; compared?: AnchorComparison }) {
  const { anchor, compared } = props;
  const { delivered, failure } = anchor;
  const look = compared && STATES[compared.state];
  return (
    <tr>
      <th scope="row">{anchor.name}</th>
      <td>
        {delivered ? (
          <>
            Checkpoint {delivered.number}, entries 1 to{' '}
            {formatCount(delivered.size)}
            <span className={text.second}>
              <Age at={delivered.at} />
            </span>
          </>
        ) : (
          'Took none yet'
        )}
        {failure && (
          <span className={text.second}>
            The next one failed {formatCount(failure.attempts)} times
            {failure.message && `: ${failure.message}`}. Tried again at{' '}
            {presentFullTime(failure.nextAt)}.
          </span>
        )}
      </td>
      <td>
        {look ? (
          <StatusLabel status={look.status} wrap>
            {look.word}
          </StatusLabel>
        ) : (
          'Not compared yet'
        )}
        {compared && compared.compared > 0 && (
          <span className={text.second}>
            {formatCount(compared.compared)} of its checkpoints compared, they
            speak for entries 1 to {formatCount(compared.coveredTo)}
          </span>
        )}
        {compared?.message && (
          <span className={text.second}>{compared.message}</span>
        )}
        {compared?.state === 'notReadable' && (
          <span className={text.second}>
            Fetch what it keeps and give it to istio-portal audit verify
            --anchor
          </span>
        )}
      </td>
    </tr>
  );
}

/** Where checkpoints are kept beside the database, and whether that fits. */
export function AnchorsCard(props: {
  coverage: AuditCoverage;
  compared?: readonly AnchorComparison[];
}) {
  const { coverage, compared } = props;
  return (
    <MeshCard
      title="Anchors"
      subtitle="checkpoints kept elsewhere"
      span={6}
      flush
    >
      {coverage.anchors.length === 0 ? (
        <div className={styles.none}>
          <Note tone="warn">
            {ONLY_WITHOUT_KEY} Set istio.audit.anchors: a file on write-once
            storage, or an address that stores what it is sent.
          </Note>
        </div>
      ) : (
        <table className={`${tables.table} ${tables.edge}`}>
          <thead>
            <tr>
              <th scope="col">Anchor</th>
              <th scope="col">Took last</th>
              <th scope="col">Compared with the log</th>
            </tr>
          </thead>
          <tbody>
            {coverage.anchors.map(anchor => (
              <AnchorRow
                key={anchor.name}
                anchor={anchor}
                compared={compared?.find(({ name }) => name === anchor.name)}
              />
            ))}
          </tbody>
        </table>
      )}
    </MeshCard>
  );
}

/** The newest checkpoints: what they cover, up to when, and who else has them. */
export function CheckpointsCard(props: { coverage: AuditCoverage }) {
  const { coverage } = props;
  return (
    <MeshCard
      title="Last checkpoints"
      subtitle="signed tree heads"
      span={6}
      flush
    >
      {coverage.checkpoints.length === 0 ? (
        <p className={styles.none}>
          None yet. One is written every minute or hundred entries.
        </p>
      ) : (
        <table className={`${tables.table} ${tables.edge}`}>
          <thead>
            <tr>
              <th scope="col">Checkpoint</th>
              <th scope="col">Entries</th>
              <th scope="col">Last of them</th>
              <th scope="col">Kept in</th>
            </tr>
          </thead>
          <tbody>
            {coverage.checkpoints.map(checkpoint => {
              const { number, size, root, isSigned, coversUntil } = checkpoint;
              return (
                <tr key={number}>
                  <th scope="row" title={`Root ${root}`}>
                    {number}
                    <span className={text.second}>
                      {isSigned ? 'signed' : 'not signed'}
                    </span>
                  </th>
                  <td>1 to {formatCount(size)}</td>
                  <td>{coversUntil ? <Age at={coversUntil} /> : 'unknown'}</td>
                  <td>
                    {anchorsOf(coverage, size).join(', ') ||
                      'the database only'}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </MeshCard>
  );
}
