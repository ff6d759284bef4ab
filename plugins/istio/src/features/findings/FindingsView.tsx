import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  formatQuantity,
  severitySchema,
  type ComponentFindings,
  type SharedFinding,
} from '@istio-backstage/plugin-istio-common';
import {
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Pills,
  SearchInput,
  SourceErrors,
  SourceFooter,
  StatusLabel,
  objectsAsOf,
  presentSeverity,
  unsaidErrors,
} from '../../components';
import filters from '../../components/filters.module.css';
import { useFindings } from '../../data';
import { useLabels } from '../../translation';
import type { OpenIntent } from '../intents/types';
import { FindingItem } from './FindingItem';
import {
  SEVERITIES,
  countBySeverity,
  findingKey,
  presentNone,
} from './presentFindings';
import { selectShown } from './selectShown';
import { SkippedRules } from './SkippedRules';
import styles from './findings.module.css';

/** All findings of a component, with what each means and what would mend it. */
export function FindingsView(props: {
  entityRef: string;
  /** Clusters the tab is about; none: all. */
  clusters: readonly string[];
  /** Absent where the reader may not change the component. */
  openIntent?: OpenIntent;
}) {
  const { entityRef, clusters, openIntent } = props;
  const { data, error, refetch } = useFindings(entityRef);
  return (
    <div className={styles.view}>
      {error && (
        <ErrorNote
          what="The findings of this component"
          error={error}
          onRetry={() => refetch()}
        />
      )}
      {!data && !error && <LinesSkeleton lines={8} label="Loading findings" />}
      {data && <SourceErrors errors={unsaidErrors(data)} />}
      {data && (
        <Found answer={data} clusters={clusters} openIntent={openIntent} />
      )}
    </div>
  );
}

/** Filters and the opened finding, as the URL says them. */
function useFindingsUrl() {
  const [params, setParams] = useSearchParams();
  const severity = severitySchema.safeParse(params.get('severity'));
  const set = useCallback(
    (name: string, value: string | undefined) =>
      setParams(
        old => {
          const next = new URLSearchParams(old);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const search = useCallback((text: string) => set('search', text), [set]);
  return {
    severity: severity.success ? severity.data : undefined,
    search: params.get('search') ?? '',
    opened: params.get('finding') ?? undefined,
    set,
    onSearch: search,
  };
}

function Found(props: {
  answer: ComponentFindings;
  clusters: readonly string[];
  openIntent?: OpenIntent;
}) {
  const { answer, clusters, openIntent } = props;
  const { rules, skipped } = answer;
  const t = useLabels();
  const url = useFindingsUrl();
  const found = selectShown(answer.findings, { clusters, search: url.search });
  const counts = countBySeverity(found);
  const shown = found.filter(
    ({ severity }) => !url.severity || severity === url.severity,
  );
  return (
    <>
      <div className={filters.filters} role="search">
        <SearchInput
          label={t('list.searchFindings')}
          initial={url.search}
          onSearch={url.onSearch}
        />
        <Pills
          label={t('list.severity')}
          pills={[
            { word: 'all', count: found.length },
            ...SEVERITIES.map(severity => ({
              word: presentSeverity(severity).many,
              count: counts[severity],
              value: severity,
              look: presentSeverity(severity),
            })),
          ]}
          chosen={url.severity}
          onChange={severity => url.set('severity', severity)}
        />
      </div>
      <MeshCard
        title={t('cards.findings')}
        footer={
          <SourceFooter source="computed" at={objectsAsOf(answer.clusters)}>
            {formatQuantity(rules, 'rule')} of the analysis
          </SourceFooter>
        }
      >
        <List
          answer={answer}
          shown={shown}
          opened={url.opened}
          onOpen={key => url.set('finding', key)}
          openIntent={openIntent}
        />
      </MeshCard>
      <SkippedRules skipped={skipped} />
    </>
  );
}

function List(props: {
  answer: ComponentFindings;
  shown: readonly SharedFinding[];
  opened?: string;
  onOpen: (key: string | undefined) => void;
  openIntent?: OpenIntent;
}) {
  const { answer, shown, opened, onOpen, openIntent } = props;
  if (shown.length === 0) {
    const none =
      answer.findings.length > 0
        ? ({
            status: 'noRequests',
            text: 'No finding matches these filters.',
          } as const)
        : presentNone(answer);
    return (
      <p className={styles.none}>
        <StatusLabel status={none.status} wrap plainText>
          {none.text}
        </StatusLabel>
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {shown.map((finding, index) => {
        const key = findingKey(finding);
        return (
          <FindingItem
            // Two findings may differ in their words only.
            key={`${key} ${index}`}
            finding={finding}
            clusters={answer.clusters.length}
            isOpen={opened === key}
            onToggle={() => onOpen(opened === key ? undefined : key)}
            onSendFix={
              openIntent && (() => openIntent('applyFix', { finding }))
            }
          />
        );
      })}
    </ul>
  );
}
