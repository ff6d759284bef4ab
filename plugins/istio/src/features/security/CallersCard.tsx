import { useState } from 'react';
import {
  formatDuration,
  type ComponentAccessAnswer,
  type ComponentSecurity,
} from '@istio-backstage/plugin-istio-common';
import {
  EntityLink,
  MeshCard,
  ObjectLink,
  SourceFooter,
  StatusLabel,
  metricsAsOf,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import type { OpenIntent } from '../intents/types';
import { PoliciesTable } from './PoliciesTable';
import { presentCallers } from './presentCallers';
import type { CallerRow } from './presentCallers';
import styles from './security.module.css';

/** More callers than this start folded. */
const FOLD = 10;

/** Who does call, by identity, beside who may. */
export function CallersCard(props: {
  name: string;
  security: ComponentSecurity;
  access: ComponentAccessAnswer;
  openIntent?: OpenIntent;
}) {
  const { name, security, access, openIntent } = props;
  const t = useLabels();
  const rows = presentCallers(access.callers);
  const { clusters, window } = security;
  return (
    <MeshCard
      title={t('cards.callers', { name })}
      span={7}
      flush
      action={
        openIntent && (
          <button
            type="button"
            className={`${text.button} ${text.small}`}
            onClick={() => openIntent('whoMayCall')}
          >
            Allow or remove a caller
          </button>
        )
      }
      footer={
        <SourceFooter source="query" at={metricsAsOf(clusters)}>
          {formatDuration(window.seconds)} of traffic, as the called proxies
          reported it
        </SourceFooter>
      }
    >
      {rows.length === 0 ? (
        <NoCallers
          seconds={window.seconds}
          failed={security.errors.length > 0}
        />
      ) : (
        <CallersTable rows={rows} seconds={window.seconds} />
      )}
      <PoliciesTable access={access} seconds={security.evidence.seconds} />
    </MeshCard>
  );
}

function CallersTable(props: { rows: readonly CallerRow[]; seconds: number }) {
  const { rows, seconds } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      <table className={`${tables.table} ${tables.edge}`}>
        <thead>
          <tr>
            <th scope="col">Caller</th>
            <th scope="col">Identity</th>
            <th scope="col">Encrypted</th>
            <th scope="col" className={tables.number}>
              Calls, {formatDuration(seconds)}
            </th>
            <th scope="col">Allowed by</th>
          </tr>
        </thead>
        <tbody>
          {(open ? rows : rows.slice(0, FOLD)).map(row => (
            <Row key={row.key} row={row} />
          ))}
        </tbody>
      </table>
      {rows.length > FOLD && (
        <button
          type="button"
          className={`${text.button} ${text.small} ${styles.inset}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show fewer' : `Show ${rows.length - FOLD} more`}
        </button>
      )}
    </>
  );
}

function NoCallers(props: { seconds: number; failed: boolean }) {
  return (
    <p className={styles.inset}>
      {props.failed ? (
        <StatusLabel status="unknown" wrap>
          A source did not answer, so who calls is not known
        </StatusLabel>
      ) : (
        <StatusLabel status="noRequests" wrap>
          Nobody called in {formatDuration(props.seconds)}. A longer window may
          show callers that come rarely.
        </StatusLabel>
      )}
    </p>
  );
}

function Row(props: { row: CallerRow }) {
  const { row } = props;
  const { access, encrypted } = row;
  return (
    <tr>
      <td>
        {row.entityRef ? (
          <EntityLink entityRef={row.entityRef} mesh>
            {row.name}
          </EntityLink>
        ) : (
          <strong>{row.name}</strong>
        )}
        <span className={text.second}>
          {row.ownerRef ? (
            <EntityLink entityRef={row.ownerRef} />
          ) : (
            row.namespace && `namespace ${row.namespace}`
          )}
        </span>
      </td>
      <td>
        {row.identity}
        <span className={text.second}>{row.identityNote}</span>
      </td>
      <td>
        <StatusLabel status={encrypted.status}>{encrypted.text}</StatusLabel>
      </td>
      <td className={tables.number}>
        {row.volume}
        <span className={text.second}>{row.rate}</span>
      </td>
      <td>
        {access.status ? (
          <StatusLabel status={access.status}>{access.text}</StatusLabel>
        ) : (
          access.text
        )}
        {access.note && <span className={text.second}>{access.note}</span>}
        {row.decidedBy.map(
          decision =>
            decision.by === 'object' && (
              <span key={JSON.stringify(decision)} className={text.small}>
                {' '}
                <ObjectLink
                  object={decision.object}
                  fieldPath={decision.fieldPath}
                  showKind={false}
                  showPath={false}
                />
              </span>
            ),
        )}
      </td>
    </tr>
  );
}
