import type { AuditEntryView } from '@istio-backstage/plugin-istio-common';
import {
  Spoken,
  StatusShape,
  presentStatus,
  presentFullTime,
} from '../../components';
import type { StatusKind } from '../../components';
import text from '../../components/text.module.css';
import { PreviewSection } from '../changes/preview/PreviewSection';
import { presentActor, presentKind, presentResult } from './presentAudit';
import styles from './audit.module.css';

/** Kinds that need no colour of their own are steps on the way. */
function Shape(props: { kind: string }) {
  const status: StatusKind = presentResult(props.kind)?.status ?? 'noRequests';
  const { shape, tone } = presentStatus(status);
  return <StatusShape shape={shape} tone={tone} />;
}

function Entry(props: { entry: AuditEntryView }) {
  const { entry } = props;
  return (
    <li className={styles.step}>
      <Shape kind={entry.kind} />
      <div className={styles.stepText}>
        <strong>{presentKind(entry.kind)}</strong>
        {entry.text && entry.text !== presentKind(entry.kind) && (
          <span>: {entry.text}</span>
        )}
        <span className={text.second}>
          {presentFullTime(entry.occurredAt)}, by {presentActor(entry.by)}
        </span>
        <details className={styles.raw}>
          <summary>
            <Spoken>{`${presentKind(entry.kind)}: `}</Spoken>Entry {entry.seq}
          </summary>
          <dl className={styles.hashes}>
            <dt>Hash</dt>
            <dd className={text.mono}>{entry.hash}</dd>
            <dt>Recorded</dt>
            <dd>{presentFullTime(entry.recordedAt)}, by the database</dd>
            <dt>About</dt>
            <dd>{entry.about}</dd>
          </dl>
          {entry.isRemoved ? (
            <p className={styles.quiet}>
              The details were taken out; the hash still commits to them.
            </p>
          ) : (
            <pre
              className={styles.json}
              aria-label={`Details of entry ${entry.seq}`}
            >
              {JSON.stringify(entry.details, null, 2)}
            </pre>
          )}
        </details>
      </div>
    </li>
  );
}

/** Everything that was recorded of an operation, in order, each with its hash and details. */
export function ThreadEntries(props: { entries: readonly AuditEntryView[] }) {
  const entries = [...props.entries].sort((a, b) => a.seq - b.seq);
  return (
    <PreviewSection title="What was recorded" plain>
      <ol aria-label="Entries of this thread">
        {entries.map(entry => (
          <Entry key={entry.seq} entry={entry} />
        ))}
      </ol>
    </PreviewSection>
  );
}
