import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Button } from '@backstage/ui';
import {
  BusyBar,
  EmptyState,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Note,
  presentError,
} from '../../components';
import { useAuditEntries } from '../../data';
import { describeProblem } from '../changes/describeProblem';
import { AuditFilters } from './AuditFilters';
import { AuditStrip } from './AuditStrip';
import { AuditTable } from './AuditTable';
import { AuditThread } from './AuditThread';
import {
  changeAuditParams,
  isFiltered,
  readAuditUrl,
  toListQuery,
  withoutFilters,
  type AuditUrl,
} from './auditQuery';
import { groupEntries } from './presentAudit';
import styles from './audit.module.css';

/** Changes parameters of the log's URL. */
export type ChangeAudit = (
  change: Parameters<typeof changeAuditParams>[1],
) => void;

/** Who did what, when, where, why and with which result: the audit log for people. */
export function AuditView(props: { base: string }) {
  const [params, setParams] = useSearchParams();
  const url = useMemo(() => readAuditUrl(params), [params]);
  const change = useCallback<ChangeAudit>(
    what => setParams(old => changeAuditParams(old, what), { replace: true }),
    [setParams],
  );
  return (
    <div className={styles.room}>
      <AuditStrip base={props.base} url={url} />
      <AuditFilters url={url} change={change} />
      <Found url={url} params={params} change={change} />
    </div>
  );
}

function Found(props: {
  url: AuditUrl;
  params: URLSearchParams;
  change: ChangeAudit;
}) {
  const { url, params, change } = props;
  const query = useMemo(() => toListQuery(url), [url]);
  const list = useAuditEntries(query);
  const groups = useMemo(
    () => groupEntries(list.data?.pages.flatMap(({ items }) => items) ?? []),
    [list.data],
  );
  const searchOf = (thread: string | undefined) =>
    `?${changeAuditParams(params, { thread })}`;
  if (list.error && !list.data)
    return <Refused error={list.error} list={list} />;
  return (
    <>
      {list.isPlaceholderData && <BusyBar label="Reading the log" />}
      <div className={url.thread ? styles.panes : undefined}>
        {list.data ? (
          <AuditTable
            groups={groups}
            selected={url.thread}
            searchOf={searchOf}
            none={<NothingFound url={url} change={change} />}
            more={
              list.hasNextPage
                ? {
                    isLoading: list.isFetchingNextPage,
                    onMore: () => void list.fetchNextPage(),
                  }
                : undefined
            }
            onReadAgain={() => void list.refetch()}
          />
        ) : (
          <MeshCard title="Entries">
            <LinesSkeleton lines={12} label="Loading the log" />
          </MeshCard>
        )}
        {url.thread && (
          <AuditThread
            key={url.thread}
            opId={url.thread}
            searchOf={searchOf}
            onClose={() => change({ thread: undefined })}
          />
        )}
      </div>
    </>
  );
}

function Refused(props: {
  error: unknown;
  list: { refetch: () => Promise<unknown> };
}) {
  const { error, list } = props;
  if (describeProblem(error).kind !== 'forbidden') {
    return (
      <ErrorNote
        what="The log"
        error={error}
        onRetry={() => void list.refetch()}
      />
    );
  }
  return (
    <Note tone="quiet">
      <strong>You may not read this part of the log.</strong>{' '}
      {presentError(error)}. The portal’s permission policy grants it: entries
      about a component usually to its owners (istio.audit.read), those about
      the log itself to who may export it (istio.audit.export). That it was
      tried is recorded.
    </Note>
  );
}

function NothingFound(props: { url: AuditUrl; change: ChangeAudit }) {
  const { url, change } = props;
  if (!isFiltered(url)) {
    return (
      <EmptyState
        title="No entry that you may read"
        explanation="Every change that goes through the portal is recorded here before it is sent, refused tries too. Entries about components whose record you may not read (istio.audit.read) are not shown."
      />
    );
  }
  return (
    <EmptyState
      title="No entry matches these filters"
      explanation="Entries about components whose record you may not read are not shown. Words are found by their beginning; all of them must be in one entry."
    >
      <Button
        size="small"
        variant="secondary"
        onPress={() => change(withoutFilters(url))}
      >
        Clear filters
      </Button>
    </EmptyState>
  );
}
