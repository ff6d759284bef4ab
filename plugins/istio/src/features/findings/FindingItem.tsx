import { useId } from 'react';
import type { ReactNode } from 'react';
import type {
  ObjectRef,
  SharedFinding,
} from '@istio-backstage/plugin-istio-common';
import { ObjectLink, SeverityLabel } from '../../components';
import text from '../../components/text.module.css';
import { FindingDetails } from './FindingDetails';
import { presentClusters } from './presentFindings';
import styles from './findings.module.css';

/** One finding: what, where, in which clusters; opened, why it matters and what would mend it. */
export function FindingItem(props: {
  finding: SharedFinding;
  /** Number of clusters there are: of a single one nobody needs the name. */
  clusters: number;
  isOpen: boolean;
  onToggle: () => void;
  /** Opens the dialog that sends the proposed change. */
  onSendFix?: () => void;
  /** Beside the place, e.g. components. */
  children?: ReactNode;
}) {
  const { finding, clusters, isOpen, onToggle, onSendFix, children } = props;
  const panelId = useId();
  const object: ObjectRef = { cluster: finding.clusters[0], ...finding.object };
  const where = presentClusters(finding, clusters);
  return (
    <li className={styles.finding}>
      <SeverityLabel severity={finding.severity} />
      <div className={styles.what}>
        <button
          type="button"
          className={`${text.button} ${styles.message}`}
          aria-expanded={isOpen}
          aria-controls={panelId}
          onClick={onToggle}
        >
          {finding.message}
        </button>
        <div className={styles.where}>
          <span>
            <ObjectLink object={object} fieldPath={finding.path} />
          </span>
          {where && <span>{where}</span>}
          {children}
          <span>{[finding.code, ...finding.equivalents].join(', ')}</span>
        </div>
        <div id={panelId} hidden={!isOpen}>
          {isOpen && (
            <FindingDetails
              finding={finding}
              object={object}
              onSendFix={onSendFix}
            />
          )}
        </div>
      </div>
    </li>
  );
}
