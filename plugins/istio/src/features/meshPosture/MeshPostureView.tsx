import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { Select } from '@backstage/ui';
import {
  formatCount,
  formatDuration,
  type MeshPosture,
  type NamespacePosture,
  type PostureQuery,
} from '@istio-backstage/plugin-istio-common';
import {
  BusyBar,
  EntityLink,
  ErrorNote,
  LinesSkeleton,
  ListPages,
  MeshCard,
  SearchInput,
  SourceErrors,
  SourceFooter,
  StaleClusterNotes,
  StatusLabel,
  unsaidErrors,
} from '../../components';
import filters from '../../components/filters.module.css';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { usePosture } from '../../data';
import { useLabels } from '../../translation';
import {
  presentBreaks,
  splitVerdict,
  verdictLook,
} from '../security/presentReadiness';
import type { BreakItem } from '../security/presentReadiness';
import { OVER } from '../security/questionUrl';
import {
  changePostureParams,
  POSTURE_PAGE_SIZE,
  readPostureQuery,
} from './postureQuery';

type Change = (what: Parameters<typeof changePostureParams>[1]) => void;

/** Which namespaces could accept encrypted requests only, and who would break where they cannot. */
export function MeshPostureView() {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => readPostureQuery(params), [params]);
  const change = useCallback<Change>(
    what => setParams(old => changePostureParams(old, what), { replace: true }),
    [setParams],
  );
  const onSearch = useCallback(
    (search: string) => change({ search }),
    [change],
  );
  const posture = usePosture(query);
  const { data } = posture;
  const t = useLabels();
  return (
    <>
      {posture.isPlaceholderData && <BusyBar label="Reading the posture" />}
      {posture.error && (
        <ErrorNote
          what="The security posture of the mesh"
          error={posture.error}
          onRetry={() => posture.refetch()}
        />
      )}
      {data && <SourceErrors errors={unsaidErrors(data)} />}
      {data && <StaleClusterNotes clusters={data.clusters} />}
      <div className={filters.filters} role="search">
        <SearchInput
          label={t('list.searchNamespaces')}
          initial={query.search ?? ''}
          onSearch={onSearch}
        />
        <Select
          className={filters.filter}
          aria-label="Traffic that is to prove it"
          size="small"
          options={OVER.map(({ id, label }) => ({ id, label }))}
          value={query.over}
          onChange={id => id !== null && change({ over: String(id) })}
        />
      </div>
      {data && <Namespaces posture={data} query={query} change={change} />}
      {!data && posture.isPending && (
        <LinesSkeleton lines={12} label="Loading the posture" />
      )}
    </>
  );
}

function Namespaces(props: {
  posture: MeshPosture;
  query: PostureQuery;
  change: Change;
}) {
  const { posture, query, change } = props;
  const { items, total, all, evidence } = posture;
  const t = useLabels();
  return (
    <MeshCard
      title={t('page.posture')}
      subtitle={`${formatCount(total)} of ${formatCount(all)} namespaces`}
      flush={items.length > 0}
      footer={
        <SourceFooter source="query" at={evidence.to}>
          {formatDuration(evidence.seconds)} of traffic, as the called proxies
          reported it
        </SourceFooter>
      }
    >
      {items.length === 0 ? (
        <p className={text.muted}>
          {all === 0
            ? 'No component that you may see runs in a cluster with data.'
            : 'No namespace matches this search.'}
        </p>
      ) : (
        <table className={`${tables.table} ${tables.edge}`}>
          <thead>
            <tr>
              <th scope="col">Namespace</th>
              <th scope="col">Can go STRICT</th>
              <th scope="col">Who would break</th>
              <th scope="col">Components</th>
            </tr>
          </thead>
          <tbody>
            {items.map(item => (
              <NamespaceRow
                key={item.namespace}
                item={item}
                seconds={evidence.seconds}
              />
            ))}
          </tbody>
        </table>
      )}
      <ListPages
        label="Pages of namespaces"
        total={total}
        offset={query.offset}
        pageSize={POSTURE_PAGE_SIZE}
        onOffset={offset => change({ offset: String(offset) })}
      />
    </MeshCard>
  );
}

/** More callers or components than this are counted only. */
const SHOWN = 3;

function NamespaceRow(props: { item: NamespacePosture; seconds: number }) {
  const { item, seconds } = props;
  const { namespace, clusters, entityRefs, readiness } = item;
  const { lead, rest } = splitVerdict(readiness.sentence);
  return (
    <tr>
      <th scope="row">
        {namespace}
        <span className={text.second}>{clusters.join(', ')}</span>
      </th>
      <td>
        <StatusLabel status={verdictLook(readiness.verdict)} wrap>
          {lead}
        </StatusLabel>
        {rest && <span className={text.second}>{rest}</span>}
      </td>
      <td>
        <Breaking readiness={readiness} seconds={seconds} />
      </td>
      <td>
        {entityRefs.slice(0, SHOWN).map((entityRef, index) => (
          <span key={entityRef}>
            {index > 0 && ', '}
            <EntityLink entityRef={entityRef} mesh="security" inline />
          </span>
        ))}
        {entityRefs.length > SHOWN && ` and ${entityRefs.length - SHOWN} more`}
        {entityRefs.length === 0 && (
          <span className={text.muted}>none in the catalog</span>
        )}
      </td>
    </tr>
  );
}

function Breaking(props: {
  readiness: NamespacePosture['readiness'];
  seconds: number;
}) {
  const { readiness, seconds } = props;
  const callers = presentBreaks(readiness.breaks, { evidence: seconds });
  const { probes, verdict } = readiness;
  if (callers.length === 0 && probes.length === 0) {
    return (
      <span className={text.muted}>
        {verdict === 'ready' || verdict === 'strict'
          ? 'nobody'
          : 'nobody that was seen'}
      </span>
    );
  }
  return (
    <>
      {callers.slice(0, SHOWN).map(caller => (
        <span key={caller.key}>
          {caller.entityRef ? (
            <EntityLink entityRef={caller.entityRef} mesh="security" inline>
              {fullName(caller)}
            </EntityLink>
          ) : (
            fullName(caller)
          )}
          <span className={text.second}>{caller.why}</span>
        </span>
      ))}
      {callers.length > SHOWN && `and ${callers.length - SHOWN} more`}
      {probes.length > 0 && (
        <span className={text.second}>
          {formatCount(probes.length)} probes of the kubelet
        </span>
      )}
    </>
  );
}

/** Callers are of any namespace. */
function fullName({ namespace, name }: BreakItem): string {
  return namespace ? `${namespace}/${name}` : name;
}
