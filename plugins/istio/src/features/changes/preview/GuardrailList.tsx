import type {
  DryRunResult,
  GuardrailVerdict,
} from '@istio-backstage/plugin-istio-common';
import {
  Spoken,
  StatusLabel,
  StatusShape,
  presentStatus,
} from '../../../components';
import { presentGuardrails, summarizeGuardrails } from '../presentGuardrails';
import { PreviewSection } from './PreviewSection';
import styles from './preview.module.css';

/** Verdicts of the policies and of the dry runs, worst first. */
export function GuardrailList(props: {
  guardrails: GuardrailVerdict[];
  dryRun?: DryRunResult[];
  title?: string;
  plain?: boolean;
}) {
  const { guardrails, dryRun = [], title = 'Guardrails', plain } = props;
  const rows = presentGuardrails(guardrails, dryRun);
  const summary = summarizeGuardrails(rows);
  return (
    <PreviewSection
      title={title}
      plain={plain}
      aside={<StatusLabel status={summary.verdict}>{summary.text}</StatusLabel>}
    >
      <ul className={styles.rows}>
        {rows.map(row => {
          const { shape, tone } = presentStatus(row.verdict);
          return (
            <li key={row.key}>
              <StatusShape shape={shape} tone={tone} />
              <span>
                <Spoken>{`${row.word}: `}</Spoken>
                {row.text}
              </span>
            </li>
          );
        })}
        {rows.length === 0 && (
          <li>
            <StatusShape shape="question" tone="quiet" />
            <span>No guardrail was checked.</span>
          </li>
        )}
      </ul>
    </PreviewSection>
  );
}
