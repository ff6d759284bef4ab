import {
  formatList,
  formatQuantity,
  type UnaskedRule,
} from '@istio-backstage/plugin-istio-common';
import { Note } from '../../components';
import { groupSkipped } from './presentFindings';
import styles from './findings.module.css';

/** Rules that could not be asked, and why: their silence means nothing. */
export function SkippedRules(props: { skipped: readonly UnaskedRule[] }) {
  const groups = groupSkipped(props.skipped);
  if (groups.length === 0) return null;
  return (
    <Note tone="quiet" shape="question">
      Not asked, so their silence means nothing:
      <ul className={styles.skipped}>
        {groups.map(({ reason, clusters, codes }) => (
          <li key={reason}>
            {formatQuantity(codes.length, 'rule')} in {formatList(clusters)}:{' '}
            {reason} ({codes.join(', ')})
          </li>
        ))}
      </ul>
    </Note>
  );
}
