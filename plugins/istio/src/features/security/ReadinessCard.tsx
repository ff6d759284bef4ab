import { Button, Select } from '@backstage/ui';
import {
  formatDuration,
  type ComponentSecurity,
  type StrictReadiness,
} from '@istio-backstage/plugin-istio-common';
import {
  DecidedByText,
  EntityLink,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Note,
  SourceFooter,
  StatusLabel,
  StatusShape,
} from '../../components';
import text from '../../components/text.module.css';
import { useNamespaceReadiness } from '../../data';
import { useLabels } from '../../translation';
import type { OpenIntent } from '../intents/types';
import {
  presentBreaks,
  presentOpenPorts,
  splitVerdict,
  verdictLook,
} from './presentReadiness';
import type { BreakItem } from './presentReadiness';
import { OVER } from './questionUrl';
import type { useSecurityUrl } from './questionUrl';
import styles from './security.module.css';

/** "Can this go STRICT?" of the component or of its namespace, with who would break. */
export function ReadinessCard(props: {
  entityRef: string;
  name: string;
  security: ComponentSecurity;
  clusters: readonly string[];
  url: ReturnType<typeof useSecurityUrl>;
  openIntent?: OpenIntent;
}) {
  const { entityRef, name, security, clusters, url, openIntent } = props;
  const t = useLabels();
  return (
    <MeshCard
      title={t('cards.readiness')}
      subtitle="accept only encrypted requests (STRICT)"
      span={7}
      action={
        <Select
          aria-label="Traffic that is to prove it"
          size="small"
          options={OVER.map(({ id, label }) => ({ id, label }))}
          value={url.over}
          onChange={id => id !== null && url.set('over', String(id))}
        />
      }
      footer={
        <SourceFooter source="query" at={security.evidence.to}>
          {formatDuration(security.evidence.seconds)} of traffic, as the called
          proxies reported it
        </SourceFooter>
      }
    >
      <ScopeSwitch
        choices={{
          component: name,
          namespace: `Namespace ${namespacesOf(security)}`,
        }}
        scope={url.scope}
        onChange={scope =>
          url.set('strict', scope === 'namespace' ? scope : undefined)
        }
      />
      <GoStrict
        scope={url.scope}
        readiness={security.readiness}
        openIntent={openIntent}
      />
      {url.scope === 'namespace' ? (
        <OfNamespace
          entityRef={entityRef}
          over={url.over}
          clusters={clusters}
        />
      ) : (
        security.readiness && (
          <Readiness readiness={security.readiness} recent={security.window} />
        )
      )}
    </MeshCard>
  );
}

/** Opens a preview; who would be refused needs a second person there. */
function GoStrict(props: {
  scope: Scope;
  /** Of the component. */
  readiness?: StrictReadiness;
  openIntent?: OpenIntent;
}) {
  const { scope, readiness, openIntent } = props;
  const level = scope === 'namespace' ? 'namespace' : 'workload';
  const verdict = scope === 'namespace' ? undefined : readiness?.verdict;
  if (!openIntent || verdict === 'strict' || verdict === 'outside') return null;
  return (
    <div className={styles.act}>
      <Button
        size="small"
        variant="secondary"
        onPress={() =>
          openIntent('mtlsMode', { mtls: { level, mode: 'STRICT' } })
        }
      >
        Go strict
      </Button>
      <span className={text.second}>
        {verdict === 'ready'
          ? 'Opens a preview.'
          : 'Opens a preview. Until nobody would break, a second person has to agree.'}
      </span>
    </div>
  );
}

function OfNamespace(props: {
  entityRef: string;
  over: string;
  clusters: readonly string[];
}) {
  const { entityRef, over, clusters } = props;
  const namespaces = useNamespaceReadiness(entityRef, { over, clusters });
  if (namespaces.error) {
    return (
      <ErrorNote
        what="The readiness of the namespace"
        error={namespaces.error}
        onRetry={() => namespaces.refetch()}
      />
    );
  }
  return namespaces.data ? (
    <>
      {namespaces.data.items.map(({ namespace, readiness }) => (
        <Readiness key={namespace} readiness={readiness} />
      ))}
    </>
  ) : (
    <LinesSkeleton lines={5} label="Loading readiness" />
  );
}

type Scope = ReturnType<typeof useSecurityUrl>['scope'];

function ScopeSwitch(props: {
  choices: Record<Scope, string>;
  scope: Scope;
  onChange: (scope: Scope) => void;
}) {
  const { choices, scope, onChange } = props;
  return (
    <div
      className={styles.switch}
      role="group"
      aria-label="What is to go strict"
    >
      {(['component', 'namespace'] as const).map(choice => (
        <button
          key={choice}
          type="button"
          className={styles.choice}
          aria-pressed={scope === choice}
          onClick={() => onChange(choice)}
        >
          {choices[choice]}
        </button>
      ))}
    </div>
  );
}

function namespacesOf({ match }: ComponentSecurity): string {
  return [...new Set(match.workloads.map(({ namespace }) => namespace))].join(
    ', ',
  );
}

function Readiness(props: {
  readiness: StrictReadiness;
  recent?: { seconds: number };
}) {
  const { readiness, recent } = props;
  const { lead, rest } = splitVerdict(readiness.sentence);
  const items = presentBreaks(readiness.breaks, {
    evidence: readiness.windowSeconds,
    recent: recent?.seconds,
  });
  return (
    <>
      <p className={styles.verdict} data-testid="strict-verdict">
        <StatusLabel status={verdictLook(readiness.verdict)} wrap>
          {lead}
        </StatusLabel>
      </p>
      {rest && <p className={`${text.small} ${text.muted}`}>{rest}</p>}
      {(items.length > 0 || readiness.probes.length > 0) && (
        <ul className={styles.list} aria-label="Who would break">
          {items.map(item => (
            <Breaking key={item.key} item={item} />
          ))}
          {readiness.probes.map(probe => (
            <li
              key={`${probe.cluster}/${probe.workload}/${probe.container}/${probe.probe}`}
            >
              <StatusShape shape="octagon" tone="bad" />
              <div className={styles.grow}>
                <strong>kubelet</strong>, {probe.probe} of {probe.workload} in{' '}
                {probe.cluster}
                <span className={text.second}>
                  It asks container {probe.container} on port {probe.port}, past
                  the proxy’s agent.
                </span>
                <span className={styles.fix}>{probe.fix}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
      <Rest readiness={readiness} />
    </>
  );
}

function Breaking(props: { item: BreakItem }) {
  const { item } = props;
  return (
    <li>
      <StatusShape shape="octagon" tone="bad" />
      <div className={styles.grow}>
        {item.entityRef ? (
          <EntityLink entityRef={item.entityRef} mesh>
            {item.name}
          </EntityLink>
        ) : (
          <strong>{item.name}</strong>
        )}{' '}
        <span className={text.muted}>
          {item.ownerRef ? (
            <EntityLink entityRef={item.ownerRef} />
          ) : (
            item.namespace && `namespace ${item.namespace}`
          )}
        </span>
        <span className={text.second}>{item.why}</span>
        <span className={styles.fix}>{item.fix}</span>
        {item.unless && <span className={text.second}>{item.unless}</span>}
        {item.decidedBy
          .filter(({ by }) => by === 'object')
          .map(decision => (
            <span key={JSON.stringify(decision)} className={text.small}>
              <DecidedByText decidedBy={decision} />
            </span>
          ))}
      </div>
      <span className={styles.amount}>
        {item.volume}
        <span className={text.second}>{item.lastSeen}</span>
      </span>
    </li>
  );
}

/** What stays open, who would follow, and what was not seen. */
function Rest(props: { readiness: StrictReadiness }) {
  const { openPorts, follows, unseen, verdict, unknown } = props.readiness;
  return (
    <>
      {verdict === 'notReady' && unknown.length > 0 && (
        <Note tone="quiet" shape="question">
          Not known: {unknown.join('; ')}.
        </Note>
      )}
      {presentOpenPorts(openPorts).map(({ key, ports, decidedBy }) => (
        <Note key={key} tone="info">
          Would stay open: {ports}. Decided by{' '}
          <DecidedByText decidedBy={decidedBy} />
        </Note>
      ))}
      {follows.length > 0 && (
        <Note tone="info">
          Would encrypt by themselves: {unique(follows.map(nameOf)).join(', ')}.
        </Note>
      )}
      {unseen.length > 0 && verdict !== 'strict' && (
        <Note tone="quiet" shape="question">
          Nobody called {unique(unseen.map(nameOf)).join(', ')}: who calls it
          rarely has not been seen.
        </Note>
      )}
    </>
  );
}

function nameOf(one: { namespace: string; workload: string }): string {
  return `${one.namespace}/${one.workload}`;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
