import { ButtonLink, Card } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { istioAuditExportPermission } from '@istio-backstage/plugin-istio-common';
import {
  ErrorNote,
  LinesSkeleton,
  Note,
  StatusLabel,
  useNow,
  presentAge,
} from '../../components';
import { useAuditCoverage } from '../../data';
import { AuditExport } from './AuditExport';
import type { AuditUrl } from './auditQuery';
import { presentCoverage } from './presentCoverage';
import styles from './audit.module.css';

/** What vouches for the log, and what can be done with all of it. */
export function AuditStrip(props: { base: string; url: AuditUrl }) {
  const { base, url } = props;
  const coverage = useAuditCoverage();
  const { allowed, loading } = usePermission({
    permission: istioAuditExportPermission,
  });
  const look = coverage.data && presentCoverage(coverage.data);
  const until = coverage.data?.checkpoints[0]?.coversUntil;
  return (
    <>
      <Card className={styles.strip}>
        {look ? (
          <p className={styles.sentence}>
            <StatusLabel status={look.status} chip>
              {look.word}
            </StatusLabel>{' '}
            {look.text}
            {until && <Until at={until} />}
          </p>
        ) : (
          <div className={styles.sentence}>
            {coverage.error ? (
              <ErrorNote
                what="What vouches for the log"
                error={coverage.error}
                onRetry={() => void coverage.refetch()}
              />
            ) : (
              <LinesSkeleton lines={1} label="Loading the last checkpoint" />
            )}
          </div>
        )}
        {allowed && (
          <span className={styles.actions}>
            <ButtonLink
              size="small"
              variant="secondary"
              href={`${base}/verification`}
            >
              Verify
            </ButtonLink>
            <AuditExport url={url} />
          </span>
        )}
        {!allowed && !loading && (
          <p className={styles.whyNot}>
            Verifying and exporting need permission istio.audit.export.
          </p>
        )}
      </Card>
      {look?.limit && <Note tone="warn">{look.limit}</Note>}
    </>
  );
}

function Until(props: { at: string }) {
  const age = useNow(now => presentAge(props.at, now));
  return <span className={styles.quiet}> Its last entry is from {age}.</span>;
}
