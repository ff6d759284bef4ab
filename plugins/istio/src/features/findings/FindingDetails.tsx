import type {
  ObjectRef,
  SharedFinding,
} from '@istio-backstage/plugin-istio-common';
import { ErrorNote, LinesSkeleton } from '../../components';
import text from '../../components/text.module.css';
import { useRule } from '../../data';
import { FixProposal } from './FixProposal';
import styles from './findings.module.css';

/** What the rule of a finding says, what istioctl and Kiali call it, and what would mend it. */
export function FindingDetails(props: {
  finding: SharedFinding;
  object: ObjectRef;
  onSendFix?: () => void;
}) {
  const { finding, object, onSendFix } = props;
  const rule = useRule(finding.code);
  return (
    <div className={styles.details}>
      {rule.isPending && <LinesSkeleton lines={3} label="Loading the rule" />}
      {rule.error && <ErrorNote what="The rule's text" error={rule.error} />}
      {rule.data && (
        <>
          <h4>{rule.data.title}</h4>
          <p>{rule.data.explanation}</p>
          <p>
            <strong>What to do:</strong> {rule.data.remedy}
          </p>
        </>
      )}
      <p className={`${text.muted} ${text.small}`}>
        Rule {finding.code}
        {rule.data && ` (${rule.data.name})`}
        {finding.equivalents.length > 0 &&
          `, known as ${finding.equivalents.join(', ')}`}
      </p>
      {finding.fix && (
        <FixProposal
          object={object}
          fix={finding.fix}
          onSend={finding.object.namespace ? onSendFix : undefined}
        />
      )}
    </div>
  );
}
