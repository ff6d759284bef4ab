import { Link } from 'react-router-dom';
import { Button } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  explainReport,
  formatCount,
  formatQuantity,
  istioAuditExportPermission,
  type AuditVerification,
} from '@istio-backstage/plugin-istio-common';
import {
  CardGrid,
  CopyText,
  EmptyState,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  SourceFooter,
  StatusLabel,
  StatusShape,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useAuditCoverage, useAuditVerification } from '../../data';
import { AnchorsCard, CheckpointsCard } from './CoverageCards';
import styles from './audit.module.css';

/** Whether the log is what was recorded: what was found, what it proves and what it does not. */
export function VerificationView(props: { base: string }) {
  const { allowed, loading } = usePermission({
    permission: istioAuditExportPermission,
  });
  const verification = useAuditVerification(allowed);
  const coverage = useAuditCoverage();
  const { data: report } = verification;
  return (
    <div className={styles.room}>
      <p>
        <Link className={text.link} to={props.base}>
          Back to the log
        </Link>
      </p>
      {!allowed && !loading && (
        <EmptyState
          title="You may not verify this log"
          explanation="Verification reads all of the log, so it needs permission istio.audit.export. The portal’s permission policy grants it; ask the platform team, or verify an export that you were given with istio-portal audit verify."
        />
      )}
      {allowed && verification.error && !verification.isFetching && (
        <ErrorNote
          what="The verification"
          error={verification.error}
          onRetry={() => void verification.refetch()}
        />
      )}
      {allowed && !report && verification.isFetching && <Verifying />}
      <CardGrid>
        {report && (
          <ReportCards
            report={report}
            isBusy={verification.isFetching}
            onAgain={() => void verification.refetch()}
          />
        )}
        {coverage.data && (
          <>
            <AnchorsCard
              coverage={coverage.data}
              compared={report?.anchorsRead}
            />
            <CheckpointsCard coverage={coverage.data} />
          </>
        )}
        {report && coverage.data?.key && (
          <OfflineCard verifierKey={coverage.data.key} />
        )}
      </CardGrid>
    </div>
  );
}

function Verifying() {
  return (
    <MeshCard title="Verifying">
      <p className={styles.quiet}>
        Every entry is read and hashed again. A million of them take some
        seconds.
      </p>
      <LinesSkeleton lines={6} label="Verifying the log" />
    </MeshCard>
  );
}

function ReportCards(props: {
  report: AuditVerification;
  isBusy: boolean;
  onAgain: () => void;
}) {
  const { report, isBusy, onAgain } = props;
  const isIntact = report.verdict === 'intact';
  const { proves, doesNotProve } = explainReport(report);
  return (
    <>
      <MeshCard
        title={isIntact ? 'The log is intact' : 'The log is not intact'}
        chip={
          <StatusLabel status={isIntact ? 'verified' : 'failed'} chip>
            {isIntact
              ? 'Verified'
              : formatQuantity(report.problemCount, 'problem')}
          </StatusLabel>
        }
        action={
          <Button
            size="small"
            variant="secondary"
            isPending={isBusy}
            onPress={onAgain}
          >
            Verify again
          </Button>
        }
        span={12}
        footer={
          <SourceFooter source="computed" at={report.at}>
            {formatQuantity(report.entries.count, 'entry', 'entries')} read and
            hashed again{report.origin && `, log ${report.origin}`}
          </SourceFooter>
        }
      >
        <div className={styles.pair}>
          <Meaning title="What this proves" status="pass" items={proves} />
          <Meaning
            title="What it does not prove"
            status="noRequests"
            items={[...doesNotProve, ...report.notes]}
          />
        </div>
      </MeshCard>
      {report.problemCount > 0 && <Problems report={report} />}
      <Removed report={report} />
    </>
  );
}

/** Details that are gone, and the entries that say why. */
function Removed(props: { report: AuditVerification }) {
  const { redacted, purged } = props.report;
  if (redacted.length === 0 && purged.length === 0) return null;
  return (
    <MeshCard title="Details taken out" span={12}>
      <ul className={styles.lines}>
        {redacted.map(({ seq, by }) => (
          <li key={`${seq}-${by}`}>
            Entry {seq}, redacted as entry {by} says
          </li>
        ))}
        {purged.map(({ first, last, count, by }) => (
          <li key={by}>
            {formatCount(count)} of entries {first} to {last}, by age as entry{' '}
            {by} says
          </li>
        ))}
      </ul>
    </MeshCard>
  );
}

function Meaning(props: {
  title: string;
  status: 'pass' | 'noRequests';
  items: readonly string[];
}) {
  const { title, status, items } = props;
  return (
    <section aria-label={title}>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.meaning}>
        {items.length === 0 && (
          <li>
            <StatusShape shape="question" tone="quiet" />
            <span>Nothing, before the problems below are explained.</span>
          </li>
        )}
        {items.map(item => (
          <li key={item}>
            <StatusShape
              shape={status === 'pass' ? 'tick' : 'dash'}
              tone={status === 'pass' ? 'ok' : 'quiet'}
            />
            <span>{item}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problems(props: { report: AuditVerification }) {
  const { problems, problemCount } = props.report;
  return (
    <MeshCard
      title="Problems"
      subtitle={
        problemCount > problems.length
          ? `the first ${problems.length} of ${formatCount(problemCount)}`
          : undefined
      }
      span={12}
      flush
    >
      <table className={`${tables.table} ${tables.edge}`}>
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">What is wrong</th>
            <th scope="col">Finding</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ code, place, seq, text: what }, index) => (
            // Two problems may say the same of one place.
            <tr key={index}>
              <th scope="row">
                {seq === undefined ? place : `Entry ${seq}`}
                {seq !== undefined && (
                  <span className={text.second}>{place}</span>
                )}
              </th>
              <td>{what}</td>
              <td className={text.mono}>{code}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </MeshCard>
  );
}

function OfflineCard(props: { verifierKey: string }) {
  return (
    <MeshCard title="Verify without the portal" span={12}>
      <p className={styles.quiet}>
        Whoever does not want to believe this page checks an export, or the
        database, with nothing but the key and what the anchors keep. Get the
        key by another way than the portal.
      </p>
      <CopyText
        text={`istio-portal audit verify istio-audit.ndjson --key '${props.verifierKey}' --anchor ANCHOR_FILE`}
        label="command"
      />
    </MeshCard>
  );
}
