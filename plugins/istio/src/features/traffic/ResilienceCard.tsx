import {
  DecidedByText,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  Note,
  ObjectLink,
  SourceFooter,
  StatusLabel,
  objectsAsOf,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useComponentResilience } from '../../data';
import { useLabels } from '../../translation';
import { INTENT_FORMS } from '../intents/list';
import type { OpenIntent } from '../intents/types';
import type { MeshViewProps } from '../meshTab/MeshViews';
import { presentResilience } from './presentResilience';
import type { ResilienceRow } from './presentResilience';

/** What callers' proxies do when calls are slow, fail or become too many, each with what decided it. */
export function ResilienceCard(
  props: Pick<MeshViewProps, 'entity' | 'entityRef' | 'scope' | 'openIntent'>,
) {
  const { entity, entityRef, scope, openIntent } = props;
  const t = useLabels();
  const { data, error, isPending, refetch } = useComponentResilience(
    entityRef,
    scope.clusters,
  );
  const items = data?.items ?? [];
  const notes = items.flatMap(({ otherCallers, caveats }) => [
    ...otherCallers.map(each => each.text),
    ...caveats,
  ]);
  const faults = items.flatMap(({ routes }) =>
    routes.flatMap(route => route.faults.map(fault => fault.text)),
  );
  return (
    <MeshCard
      title={t('cards.resilience')}
      subtitle={`for calls to ${entity.metadata.name}`}
      flush={items.length > 0}
      action={openIntent && <SettingsActions openIntent={openIntent} />}
      footer={
        data && (
          <SourceFooter source="computed" at={objectsAsOf(data.clusters)}>
            Values as the proxies of callers in its own namespace use them
          </SourceFooter>
        )
      }
    >
      {isPending && <LinesSkeleton lines={8} label="Loading resilience" />}
      {error && (
        <ErrorNote what="Resilience" error={error} onRetry={() => refetch()} />
      )}
      {data && items.length === 0 && (
        <p className={text.muted}>
          No cluster with data has this component, so nothing is known of its
          calls.
        </p>
      )}
      {items.length > 0 && <SettingsTable rows={presentResilience(items)} />}
      {[...new Set(faults)].map(fault => (
        <Note key={fault} tone="warn">
          {fault}.
        </Note>
      ))}
      {[...new Set(notes)].map(note => (
        <Note key={note} tone="quiet">
          {note}
        </Note>
      ))}
    </MeshCard>
  );
}

/** The forms that set what this card shows. */
function SettingsActions(props: { openIntent: OpenIntent }) {
  const { openIntent } = props;
  return (
    <>
      {(['timeoutsAndRetries', 'circuitBreaker'] as const).map(type => (
        <button
          key={type}
          type="button"
          className={`${text.button} ${text.small}`}
          onClick={() => openIntent(type)}
        >
          {INTENT_FORMS.find(form => form.type === type)?.title}
        </button>
      ))}
    </>
  );
}

function SettingsTable(props: { rows: readonly ResilienceRow[] }) {
  const { rows } = props;
  return (
    <table className={`${tables.table} ${tables.edge}`}>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Value</th>
          <th scope="col">Decided by</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={`${row.setting}/${row.value}/${row.scope}`}>
            <th scope="row">
              {rows[index - 1]?.setting === row.setting ? (
                <span className={text.hidden}>{row.setting}</span>
              ) : (
                row.setting
              )}
            </th>
            <td>
              <Value row={row} />
            </td>
            <td>
              <DecidedByText decidedBy={row.decidedBy} />
              {row.overruled.map(({ decidedBy, why }) => (
                <span
                  key={`${why}/${JSON.stringify(decidedBy)}`}
                  className={text.second}
                >
                  Not{' '}
                  {decidedBy.by === 'object' ? (
                    <>
                      <ObjectLink
                        object={decidedBy.object}
                        fieldPath={decidedBy.fieldPath}
                        showKind={false}
                        showPath={false}
                      />{' '}
                      {decidedBy.fieldPath}
                    </>
                  ) : (
                    'the mesh setting'
                  )}
                  : {why}
                </span>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value(props: { row: ResilienceRow }) {
  const { state, value, detail, scope } = props.row;
  return (
    <>
      {state === 'unknown' ? <StatusLabel status="unknown" /> : value}
      {scope && <span className={text.second}>{scope}</span>}
      {detail && <span className={text.second}>{detail}</span>}
    </>
  );
}
