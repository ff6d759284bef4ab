import { Link } from 'react-router-dom';
import { Button } from '@backstage/ui';
import {
  resolveThread,
  type AuditEntryView,
  type AuditThread as Thread,
} from '@istio-backstage/plugin-istio-common';
import {
  CopyButton,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Note,
  SourceFooter,
  StatusLabel,
} from '../../components';
import text from '../../components/text.module.css';
import { useAuditCoverage, useAuditThread } from '../../data';
import { GuardrailList } from '../changes/preview/GuardrailList';
import { YamlDiff } from '../changes/preview/YamlDiff';
import { presentIntentType } from '../changes/presentWords';
import { useChangeHref } from '../changes/useChangeHref';
import { presentCoverage, presentProof } from './presentCoverage';
import {
  presentKind,
  presentPositions,
  presentResult,
  shortHash,
} from './presentAudit';
import { ThreadEntries } from './ThreadEntries';
import { ThreadFacts } from './ThreadFacts';
import { ThreadOutcomes } from './ThreadOutcomes';
import styles from './audit.module.css';

/** Full address of a thread, without the filters of whoever copies it. */
function addressOf(opId: string): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}?thread=${encodeURIComponent(opId)}`;
}

/** The component's view of the same change. */
function InChanges(props: { thread: Thread }) {
  const { about, opId } = props.thread;
  const hrefOf = useChangeHref(about);
  return (
    <Link className={text.link} to={hrefOf(opId)}>
      Open in Changes
    </Link>
  );
}

/** Where the entries stand, and what outside speaks for them. */
function ThreadProof(props: { entries: readonly AuditEntryView[] }) {
  const { entries } = props;
  const { data: coverage } = useAuditCoverage();
  const last = entries.reduce((a, b) => (a.seq > b.seq ? a : b));
  const proof = coverage && presentProof(coverage, last.seq);
  const limit = coverage && presentCoverage(coverage).limit;
  return (
    <SourceFooter source="record">
      {entries.length === 1 ? 'Entry' : 'Entries'}{' '}
      {presentPositions(entries.map(({ seq }) => seq))}, last hash{' '}
      <span className={text.mono} title={last.hash}>
        {shortHash(last.hash)}
      </span>
      {proof && `, ${proof.text}`}
      {limit && proof?.isCovered && `. ${limit}`}
    </SourceFooter>
  );
}

function ThreadBody(props: {
  thread: Thread;
  entries: readonly AuditEntryView[];
  searchOf: (opId: string) => string;
}) {
  const { thread, entries, searchOf } = props;
  const changed = thread.operations.filter(({ diff }) => diff.length > 0);
  return (
    <div className={styles.details}>
      <p className={styles.quiet}>
        <span className={text.mono}>{thread.opId}</span>
        {thread.intentType && `, ${presentIntentType(thread.intentType)}`}
      </p>
      {entries.some(({ isRemoved }) => isRemoved) && (
        <Note tone="warn">
          Details of this thread were taken out by redaction or retention. The
          entries themselves stay and are still verified.
        </Note>
      )}
      <ThreadFacts thread={thread} searchOf={searchOf} />
      {changed.length > 0 && (
        <YamlDiff operations={changed} title="Object, before and after" />
      )}
      {thread.operations.length > 0 && (
        <ThreadOutcomes operations={thread.operations} />
      )}
      {thread.guardrails.length > 0 && (
        <GuardrailList
          title="Guardrails at that time"
          guardrails={thread.guardrails}
          plain
        />
      )}
      <ThreadEntries entries={entries} />
    </div>
  );
}

/** All entries of one operation: what it was, what was decided, what came of it, and their proof. */
export function AuditThread(props: {
  opId: string;
  searchOf: (opId: string) => string;
  onClose: () => void;
}) {
  const { opId, searchOf, onClose } = props;
  const { data: entries, error, refetch } = useAuditThread(opId);
  const thread = entries && resolveThread(entries);
  if (!entries || !thread) {
    return (
      <MeshCard title="Thread">
        {error && (
          <ErrorNote
            what="The thread"
            error={error}
            onRetry={() => void refetch()}
          />
        )}
        {entries && (
          <Note tone="quiet">
            The log has no entries of an operation {opId} that you may read.
          </Note>
        )}
        {!error && !entries && (
          <LinesSkeleton lines={12} label="Loading the thread" />
        )}
      </MeshCard>
    );
  }
  const [first] = thread.entries;
  const result = presentResult(thread.result ?? first.kind);
  return (
    <MeshCard
      title={thread.title ?? first.text ?? presentKind(first.kind)}
      chip={
        result && (
          <StatusLabel status={result.status} chip>
            {result.word}
          </StatusLabel>
        )
      }
      action={
        <span className={styles.actions}>
          {/^[^:]+:[^/]+\/./.test(thread.about) && (
            <InChanges thread={thread} />
          )}
          <CopyButton text={addressOf(opId)}>Copy link</CopyButton>
          <Button size="small" variant="tertiary" onPress={onClose}>
            Close
          </Button>
        </span>
      }
      footer={<ThreadProof entries={entries} />}
    >
      <ThreadBody thread={thread} entries={entries} searchOf={searchOf} />
    </MeshCard>
  );
}
