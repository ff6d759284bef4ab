import {
  formatDuration,
  formatQuantity,
  type AffectedCaller,
  type ChangePreview,
} from '@istio-backstage/plugin-istio-common';
import { EntityLink, StatusLabel, Tag } from '../../../components';
import tables from '../../../components/tables.module.css';
import text from '../../../components/text.module.css';
import { presentAccess } from '../presentAccess';
import { mergeCallers } from '../presentCallers';
import { presentRate, presentRateUnit } from '../presentNumbers';
import { PreviewSection } from './PreviewSection';
import styles from './preview.module.css';

/** Shares over several clusters are weighted sums; closer than this they are the same. */
const SAME_SHARE = 0.0005;

/** Labels of the versions whose share grows: `v2 or v3`. */
function presentGrowing(versions: ChangePreview['versions']): string {
  const labels = versions
    .filter(version => version.after - version.before > SAME_SHARE)
    .map(version => version.label);
  return labels.join(' or ');
}

function CallerName(props: { caller: AffectedCaller }) {
  const { caller } = props;
  return caller.entityRef ? (
    <EntityLink entityRef={caller.entityRef} mesh />
  ) : (
    <>{caller.workload ?? 'unknown caller'}</>
  );
}

function CallerOwner(props: { caller: AffectedCaller }) {
  const { caller } = props;
  if (!caller.ownerRef) {
    return <span className={styles.muted}>not in the catalog</span>;
  }
  return (
    <>
      <EntityLink entityRef={caller.ownerRef} />{' '}
      {caller.yours && <Tag>your team</Tag>}
    </>
  );
}

function CallerRow(props: {
  caller: AffectedCaller;
  moves: boolean;
  decides: boolean;
  rateUnit: string;
}) {
  const { caller, moves, decides, rateUnit } = props;
  return (
    <tr>
      <td>
        <CallerName caller={caller} />
      </td>
      <td>
        <CallerOwner caller={caller} />
      </td>
      <td className={tables.number}>
        {presentRate(caller.requestsPerSecond)} {rateUnit}
      </td>
      {moves && (
        <td className={tables.number}>
          {presentRate(caller.movedBefore)}
          {' → '}
          <strong>{presentRate(caller.movedAfter)}</strong>
        </td>
      )}
      {decides && (
        <td>
          <CallerAccess caller={caller} />
        </td>
      )}
    </tr>
  );
}

/** Whether the caller gets in afterwards, and why not. */
function CallerAccess(props: { caller: AffectedCaller }) {
  const { caller } = props;
  const { status, words, why } = presentAccess(caller);
  return (
    <>
      {status ? (
        <StatusLabel status={status} wrap>
          {words}
        </StatusLabel>
      ) : (
        words
      )}
      {why && <span className={text.second}>{why}</span>}
    </>
  );
}

function CallerTable(props: {
  callers: AffectedCaller[];
  component: string;
  growing: string;
  /** Requests move between versions. */
  moves: boolean;
  rateUnit: string;
}) {
  const { callers, component, growing, moves, rateUnit } = props;
  const decides = callers.some(({ access }) => access !== undefined);
  return (
    <div className={styles.scroll}>
      <table className={`${tables.table} ${tables.tight}`}>
        <thead>
          <tr>
            <th scope="col">Caller</th>
            <th scope="col">Owner</th>
            <th scope="col" className={tables.number}>
              Calls {component}
            </th>
            {moves && (
              <th scope="col" className={tables.number}>
                of these {growing ? `to ${growing}` : 'moved'}
              </th>
            )}
            {decides && <th scope="col">Afterwards</th>}
          </tr>
        </thead>
        <tbody>
          {callers.map(caller => (
            <CallerRow
              key={caller.entityRef ?? `${caller.namespace}/${caller.workload}`}
              caller={caller}
              moves={moves}
              rateUnit={rateUnit}
              decides={decides}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Why no caller is listed. */
function explainNone(observedSeconds: number): string {
  return observedSeconds > 0
    ? `No caller was seen in ${formatDuration(
        observedSeconds,
      )}. That is no proof that there is none.`
    : 'No traffic was measured, so the callers are not known.';
}

/** Who calls the component, at what rate, and how much of it the change moves. */
export function AffectedCallers(props: {
  preview: Pick<
    ChangePreview,
    'callers' | 'versions' | 'observedSeconds' | 'counts'
  >;
  /** Name of the component that changes. */
  component: string;
}) {
  const { preview, component } = props;
  const { observedSeconds } = preview;
  const callers = mergeCallers(preview.callers);
  if (callers.length === 0) {
    return (
      <PreviewSection title="Who is affected">
        <p className={styles.detail}>{explainNone(observedSeconds)}</p>
      </PreviewSection>
    );
  }
  const teams = new Set(
    callers.flatMap(caller => (caller.ownerRef ? [caller.ownerRef] : [])),
  );
  const aside = [
    formatQuantity(callers.length, 'caller'),
    formatQuantity(teams.size, 'team'),
    formatDuration(observedSeconds),
  ].join(', ');
  return (
    <PreviewSection title="Who is affected" aside={aside}>
      <CallerTable
        callers={callers}
        component={component}
        growing={presentGrowing(preview.versions)}
        moves={preview.versions.length > 0}
        rateUnit={presentRateUnit(preview.counts)}
      />
    </PreviewSection>
  );
}
