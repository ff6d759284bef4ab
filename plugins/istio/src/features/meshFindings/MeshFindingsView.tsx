import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  formatCount,
  formatQuantity,
  type FindingList,
  type FindingRow,
} from '@istio-backstage/plugin-istio-common';
import {
  BusyBar,
  EntityLink,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  SourceErrors,
  SourceFooter,
  StaleClusterNotes,
  StatusLabel,
  objectsAsOf,
  unsaidErrors,
} from '../../components';
import { useFindingList } from '../../data';
import { useLabels } from '../../translation';
import { FindingItem } from '../findings/FindingItem';
import { findingKey, presentNone } from '../findings/presentFindings';
import { SkippedRules } from '../findings/SkippedRules';
import findings from '../findings/findings.module.css';
import { FindingFilters } from './FindingFilters';
import {
  changeFindingParams,
  isFiltered,
  readFindingQuery,
  type FindingQuery,
} from './findingQuery';
import { FindingPages } from './FindingPages';
import { OrderSelect } from './OrderSelect';

/** Changes parameters of the list's URL. */
export type ChangeFindings = (
  change: Parameters<typeof changeFindingParams>[1],
) => void;

/** What the analysis finds in the mesh, among what the reader may see. */
export function MeshFindingsView() {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => readFindingQuery(params), [params]);
  const change = useCallback<ChangeFindings>(
    what => setParams(old => changeFindingParams(old, what), { replace: true }),
    [setParams],
  );
  const onSearch = useCallback(
    (search: string) => change({ search }),
    [change],
  );
  const list = useFindingList(query);
  const { data } = list;
  return (
    <>
      {list.isPlaceholderData && <BusyBar label="Reading the findings" />}
      {list.error && (
        <ErrorNote
          what="The findings of the mesh"
          error={list.error}
          onRetry={() => list.refetch()}
        />
      )}
      {data && <SourceErrors errors={unsaidErrors(data)} />}
      {data && <StaleClusterNotes clusters={data.clusters} />}
      <FindingFilters
        query={query}
        change={change}
        onSearch={onSearch}
        list={data}
      />
      {data && (
        <Found
          list={data}
          query={query}
          change={change}
          opened={params.get('finding') ?? undefined}
        />
      )}
      {!data && list.isPending && (
        <LinesSkeleton lines={12} label="Loading findings" />
      )}
    </>
  );
}

function Found(props: {
  list: FindingList;
  query: FindingQuery;
  change: ChangeFindings;
  opened?: string;
}) {
  const { list, query, change, opened } = props;
  const t = useLabels();
  return (
    <>
      <MeshCard
        title={t('page.findings')}
        subtitle={`${formatCount(list.total)} of ${formatCount(list.all)}`}
        action={<OrderSelect query={query} change={change} />}
        footer={
          <SourceFooter source="computed" at={objectsAsOf(list.clusters)}>
            {formatQuantity(list.rules, 'rule')} of the analysis
          </SourceFooter>
        }
      >
        {list.items.length === 0 ? (
          <None list={list} query={query} />
        ) : (
          <ul className={findings.list}>
            {list.items.map((row, index) => {
              const key = findingKey(row);
              return (
                <FindingItem
                  // Two findings may differ in their words only.
                  key={`${key} ${index}`}
                  finding={row}
                  clusters={list.clusters.length}
                  isOpen={opened === key}
                  onToggle={() =>
                    change({ finding: opened === key ? undefined : key })
                  }
                >
                  <Concerned row={row} />
                </FindingItem>
              );
            })}
          </ul>
        )}
        <FindingPages list={list} query={query} change={change} />
      </MeshCard>
      <SkippedRules skipped={list.skipped} />
    </>
  );
}

function None(props: { list: FindingList; query: FindingQuery }) {
  const { list, query } = props;
  const none = isFiltered(query)
    ? ({
        status: 'noRequests',
        text: 'No finding matches these filters.',
      } as const)
    : presentNone(list);
  return (
    <p className={findings.none}>
      <StatusLabel status={none.status} wrap plainText>
        {none.text}
      </StatusLabel>
    </p>
  );
}

/** More components than this are counted only. */
const SHOWN = 3;

function Concerned(props: { row: FindingRow }) {
  const { entityRefs, ownerRefs } = props.row;
  if (entityRefs.length === 0) return <span>concerns no component</span>;
  // There it stands opened, with the change that would mend it where the reader may make one.
  const finding = new URLSearchParams({ finding: findingKey(props.row) });
  return (
    <span>
      {entityRefs.slice(0, SHOWN).map((entityRef, index) => (
        <span key={entityRef}>
          {index > 0 && ', '}
          <EntityLink
            entityRef={entityRef}
            mesh={`findings?${finding}`}
            inline
          />
        </span>
      ))}
      {entityRefs.length > SHOWN &&
        ` and ${formatCount(entityRefs.length - SHOWN)} more`}
      {ownerRefs.length > 0 && ' of '}
      {ownerRefs.slice(0, SHOWN).map((ownerRef, index) => (
        <span key={ownerRef}>
          {index > 0 && ', '}
          <EntityLink entityRef={ownerRef} inline />
        </span>
      ))}
      {ownerRefs.length > SHOWN &&
        ` and ${formatCount(ownerRefs.length - SHOWN)} more`}
    </span>
  );
}
