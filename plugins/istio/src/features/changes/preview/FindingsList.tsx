import type {
  ChangePreview,
  Finding,
} from '@istio-backstage/plugin-istio-common';
import { StatusShape } from '../../../components';
import { PreviewSection } from './PreviewSection';
import styles from './preview.module.css';

function AddedFinding(props: { finding: Finding }) {
  const { finding } = props;
  const bad = finding.severity === 'error';
  if (finding.severity === 'info') {
    return (
      <li>
        <StatusShape shape="info" tone="quiet" />
        <span>{finding.text}</span>
      </li>
    );
  }
  return (
    <li>
      <StatusShape
        shape={bad ? 'octagon' : 'triangle'}
        tone={bad ? 'bad' : 'warn'}
      />
      <span>
        <strong>Adds:</strong> {finding.text}
      </span>
    </li>
  );
}

/** Findings that the change adds or clears. */
export function FindingsList(props: { findings: ChangePreview['findings'] }) {
  const { added, cleared } = props.findings;
  return (
    <PreviewSection title="Findings">
      <ul className={styles.rows}>
        {added.map(finding => (
          <AddedFinding
            key={`${finding.code} ${finding.text}`}
            finding={finding}
          />
        ))}
        {cleared.map(finding => (
          <li key={`${finding.code} ${finding.text}`}>
            <StatusShape shape="tick" tone="ok" />
            <span>
              <strong>Clears:</strong> {finding.text}
            </span>
          </li>
        ))}
        {added.length + cleared.length === 0 && (
          <li>
            <StatusShape shape="dash" tone="quiet" />
            <span>None added, none cleared.</span>
          </li>
        )}
      </ul>
    </PreviewSection>
  );
}
