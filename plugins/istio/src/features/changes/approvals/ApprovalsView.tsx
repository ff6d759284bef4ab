import { useCallback, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import type {
  ApprovalItem,
  ApprovalList,
} from '@istio-backstage/plugin-istio-common';
import {
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Note,
  SourceFooter,
  StatusLabel,
  presentRefName,
} from '../../../components';
import { useApprovals } from '../../../data';
import { ChangeFacts } from '../ChangeFacts';
import { ChangeList } from '../ChangeList';
import { withChangeParam } from '../changeFilters';
import { PreviewPane } from '../preview/PreviewPane';
import { useChange } from '../useChanges';
import { ChangeDetails } from '../ChangeDetails';
import { ApprovalDecision } from './ApprovalDecision';
import styles from '../changes.module.css';

/** One change of the queue, with the preview that its requester saw. */
function QueueItem(props: {
  item: ApprovalItem;
  searchOf: (id: string) => string;
  onDone: () => void;
}) {
  const { item, searchOf, onDone } = props;
  const { change, preview } = item;
  return (
    <MeshCard
      title={change.title}
      chip={<StatusLabel status={change.state} chip />}
      footer={
        <SourceFooter source="record" at={change.updatedAt}>
          As it was asked for; approval is for exactly this plan
        </SourceFooter>
      }
    >
      <div className={styles.details}>
        <ChangeFacts change={change} searchOf={searchOf} />
        <ApprovalDecision key={change.id} item={item} onDone={onDone} />
        <PreviewPane
          state={{ kind: 'ready', preview }}
          component={presentRefName(change.entityRef)}
          hint=""
        />
      </div>
    </MeshCard>
  );
}

/** A change that the address names and that does not wait any more. */
function Decided(props: { id: string; searchOf: (id: string) => string }) {
  const { id, searchOf } = props;
  const { data: change, error } = useChange(id);
  if (change) {
    return (
      <ChangeDetails
        change={change}
        searchOf={searchOf}
        link={window.location.href}
      />
    );
  }
  return error ? (
    <Note tone="quiet">No change with the id {id} waits for you.</Note>
  ) : (
    <LinesSkeleton lines={10} label="Loading the change" />
  );
}

function NothingWaits() {
  return (
    <Note tone="quiet">
      <strong>Nothing waits for you.</strong> A change comes here when a
      guardrail asks for your approval, for example because it reaches callers
      that your team owns. Your own requests stand here until somebody decides.
    </Note>
  );
}

function Queue(props: { list: ApprovalList }) {
  const { list } = props;
  const [params] = useSearchParams();
  const searchOf = useCallback(
    (change: string) => `?${withChangeParam(params, { change })}`,
    [params],
  );
  // What was just decided stays on the screen, though it has left the queue.
  const [decided, setDecided] = useState<string>();
  const named = params.get('change') ?? decided;
  const item = named
    ? list.items.find(({ change }) => change.id === named)
    : list.items[0];
  const ofRole = (role: ApprovalItem['role']) =>
    list.items.filter(each => each.role === role).map(({ change }) => change);
  const lists = [
    { title: 'Waiting for me', changes: ofRole('approver') },
    { title: 'To be reviewed', changes: ofRole('reviewer') },
    { title: 'What I asked for', changes: ofRole('requester') },
  ];
  if (list.items.length === 0) {
    return (
      <>
        <NothingWaits />
        {named && <Decided id={named} searchOf={searchOf} />}
      </>
    );
  }
  return (
    <div className={styles.panes}>
      <div className={styles.queue}>
        {lists
          .filter(({ changes }) => changes.length > 0)
          .map(({ title, changes }) => (
            <ChangeList
              key={title}
              title={title}
              changes={changes}
              selectedId={item?.change.id}
              searchOf={searchOf}
            />
          ))}
      </div>
      {item && (
        <QueueItem
          item={item}
          searchOf={searchOf}
          onDone={() => setDecided(item.change.id)}
        />
      )}
      {!item && named && <Decided id={named} searchOf={searchOf} />}
    </div>
  );
}

/** Changes that wait for the signed-in person, and those this person asked for. */
export function ApprovalsView() {
  const list = useApprovals();
  if (list.error && !list.data) {
    return (
      <ErrorNote
        what="The approvals"
        error={list.error}
        onRetry={() => void list.refetch()}
      />
    );
  }
  return (
    <div className={styles.room}>
      {list.data ? (
        <Queue list={list.data} />
      ) : (
        <LinesSkeleton lines={10} label="Loading approvals" />
      )}
    </div>
  );
}
