import { useEffect, useMemo, useState } from 'react';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  formatQuantity,
  istioAuditReadPermission,
  type Change,
} from '@istio-backstage/plugin-istio-common';
import { ErrorNote, LinesSkeleton, MeshCard } from '../../components';
import { ChangeFilterBar } from './ChangeFilterBar';
import { ChangeList } from './ChangeList';
import { MayNotRead, NothingListed } from './ChangesNotices';
import { SelectedChange } from './SelectedChange';
import { describeProblem } from './describeProblem';
import { useChangeList } from './useChanges';
import { useChangesUrl, type ChangesUrl } from './useChangesUrl';
import styles from './changes.module.css';

/** People met so far: a list filtered by one person must still offer the others. */
function usePeople(changes: Change[], chosen?: string): string[] {
  const [people, setPeople] = useState<string[]>([]);
  useEffect(() => {
    const seen = changes.flatMap(({ external, requestedBy }) =>
      external ? [] : [requestedBy.entityRef],
    );
    setPeople(old => {
      const all = new Set([...old, ...seen, ...(chosen ? [chosen] : [])]);
      return all.size === old.length ? old : [...all].sort();
    });
  }, [changes, chosen]);
  return people;
}

type List = ReturnType<typeof useChangeList>;

function NothingHere(props: { url: ChangesUrl }) {
  const { url } = props;
  return (
    <NothingListed
      filters={url.filters}
      onClear={() =>
        url.filter({
          search: undefined,
          by: undefined,
          result: undefined,
          origin: undefined,
        })
      }
    />
  );
}

function ListPane(props: {
  list: List;
  changes: Change[];
  selected?: string;
  url: ChangesUrl;
}) {
  const { list, changes, selected, url } = props;
  if (!list.data) {
    return (
      <MeshCard title="Changes">
        <LinesSkeleton lines={8} label="Loading the log" />
      </MeshCard>
    );
  }
  if (changes.length === 0) return <NothingHere url={url} />;
  const more = list.hasNextPage
    ? {
        isLoading: list.isFetchingNextPage,
        onMore: () => void list.fetchNextPage(),
      }
    : undefined;
  return (
    <ChangeList
      changes={changes}
      selectedId={selected}
      searchOf={url.searchOf}
      more={more}
    />
  );
}

/**
 * The change the URL names, else the one that was newest when it came: an entry that arrives does not
 * take away what somebody reads, or the revert they are following.
 */
function useSelection(changes: Change[], named: string | undefined) {
  const [shown, setShown] = useState<string>();
  const kept = changes.find(change => change.id === shown) ?? changes[0];
  const selected = named ?? kept?.id;
  useEffect(() => setShown(selected), [selected]);
  return selected;
}

function Panes(props: { list: List; changes: Change[]; url: ChangesUrl }) {
  const { list, changes, url } = props;
  const selected = useSelection(changes, url.selected);
  if (list.data && changes.length === 0 && !url.selected) {
    return <NothingHere url={url} />;
  }
  return (
    <div className={styles.panes}>
      <ListPane list={list} changes={changes} selected={selected} url={url} />
      {selected && (
        <SelectedChange
          id={selected}
          listed={changes.find(change => change.id === selected)}
          searchOf={url.searchOf}
        />
      )}
    </div>
  );
}

/** The log with its filters, of one component or of all that may be read. */
export function ChangeLog(props: { entityRef?: string }) {
  const url = useChangesUrl();
  const list = useChangeList({
    entityRef: props.entityRef,
    filters: url.filters,
  });
  const changes = useMemo(
    () => list.data?.pages.flatMap(page => page.items) ?? [],
    [list.data],
  );
  const people = usePeople(changes, url.filters.by);
  if (list.error && !list.data) {
    return describeProblem(list.error).kind === 'forbidden' ? (
      <MayNotRead />
    ) : (
      <ErrorNote
        what="The log"
        error={list.error}
        onRetry={() => void list.refetch()}
      />
    );
  }
  const count = `${formatQuantity(changes.length, 'change')}${
    list.hasNextPage ? ', there are more' : ''
  }`;
  return (
    <>
      <ChangeFilterBar
        filters={url.filters}
        people={people}
        count={list.data && count}
        onChange={url.filter}
        onSearch={url.search}
      />
      <Panes list={list} changes={changes} url={url} />
    </>
  );
}

/** Who changed this component, what, when and why, and what came of it. */
export function ChangesView(props: { entityRef: string }) {
  const { entityRef } = props;
  const { allowed, loading } = usePermission({
    permission: istioAuditReadPermission,
    resourceRef: entityRef,
  });
  return (
    <div className={styles.room}>
      {!loading && !allowed ? (
        <MayNotRead />
      ) : (
        <ChangeLog entityRef={entityRef} />
      )}
    </div>
  );
}
