import {
  openRequirements,
  type ChangeApproval,
} from '@istio-backstage/plugin-istio-common';
import { EntityLink, presentFullTime } from '../../components';
import { presentWhose } from './presentApproval';
import styles from './changes.module.css';

/** Who approved or declined, when and for what; what is still missing. */
export function ApprovalFacts(props: { approval: ChangeApproval }) {
  const { approval } = props;
  const open = openRequirements(approval);
  return (
    <>
      <dt>Approval</dt>
      <dd>
        {approval.decisions.map(({ by, decision, reason, at }) => (
          <span key={by} className={styles.approval}>
            <EntityLink entityRef={by} inline /> {decision} at{' '}
            {presentFullTime(at)}
            {reason && <span className={styles.second}>{reason}</span>}
          </span>
        ))}
        {open.map(index => {
          const requirement = approval.requirements[index];
          return (
            <span key={index} className={styles.approval}>
              Not given yet: {presentWhose(requirement)}
              <span className={styles.second}>{requirement.text}</span>
            </span>
          );
        })}
        <span className={styles.second}>
          For plan{' '}
          <span className={styles.mono}>{approval.hash.slice(0, 6)}</span>,
          guardrails{' '}
          <span className={styles.mono}>{approval.policyVersion}</span>
        </span>
      </dd>
    </>
  );
}
