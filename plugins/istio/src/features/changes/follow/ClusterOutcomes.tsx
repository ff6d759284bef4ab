import type { OperationOutcome } from '@istio-backstage/plugin-istio-common';
import { ObjectLink, StatusLabel } from '../../../components';
import type { StatusKind } from '../../../components';
import tables from '../../../components/tables.module.css';
import { PreviewSection } from '../preview/PreviewSection';
import styles from './follow.module.css';

const LOOKS: Record<
  OperationOutcome['outcome'],
  { status: StatusKind; word: string }
> = {
  pending: { status: 'applying', word: 'Under way' },
  applied: { status: 'pass', word: 'Applied' },
  denied: { status: 'denied', word: 'Denied' },
  conflict: { status: 'conflict', word: 'Changed meanwhile' },
  failed: { status: 'failed', word: 'Failed' },
  unknown: { status: 'indeterminate', word: 'No answer' },
  undone: { status: 'reverted', word: 'Undone' },
  notSent: { status: 'noRequests', word: 'Not sent' },
};

function OutcomeRow(props: { operation: OperationOutcome }) {
  const { operation } = props;
  const { status, word } = LOOKS[operation.outcome];
  return (
    <tr>
      <th scope="row">{operation.object.cluster}</th>
      <td>
        <ObjectLink object={operation.object} />
      </td>
      <td>
        <StatusLabel status={status}>{word}</StatusLabel>
        {operation.message && (
          <span className={styles.second}>
            {operation.status ? `${operation.status}: ` : ''}
            {operation.message}
          </span>
        )}
        {operation.auditId && (
          <span className={styles.second}>
            Audit-ID <span className={styles.mono}>{operation.auditId}</span>
          </span>
        )}
      </td>
    </tr>
  );
}

/** What each cluster answered, object by object. */
export function ClusterOutcomes(props: {
  operations: OperationOutcome[];
  plain?: boolean;
}) {
  const { operations, plain } = props;
  return (
    <PreviewSection title="Result per cluster" plain={plain}>
      {operations.length === 0 ? (
        <p className={styles.second}>Nothing was sent to a cluster.</p>
      ) : (
        <table className={`${tables.table} ${tables.tight}`}>
          <thead>
            <tr>
              <th scope="col">Cluster</th>
              <th scope="col">Object</th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {operations.map(operation => (
              <OutcomeRow key={operation.index} operation={operation} />
            ))}
          </tbody>
        </table>
      )}
    </PreviewSection>
  );
}
