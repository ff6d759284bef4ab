import { useState } from 'react';
import type { ReactNode } from 'react';
import type {
  ClusterStatus,
  MtlsPort,
  MtlsResult,
  PlaintextCaller,
} from '@istio-backstage/plugin-istio-common';
import {
  DecidedByText,
  EntityLink,
  MeshCard,
  Note,
  ShareBar,
  SourceFooter,
  StatusLabel,
  StatusShape,
  metricsAsOf,
} from '../../components';
import type { CardSpan } from '../../components/MeshCard';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import {
  presentEncryption,
  presentMode,
  presentPlaintextCallers,
} from './presentMtls';
import type { PlaintextItem } from './presentMtls';
import styles from './overview.module.css';

/** Encryption: the share as observed, what each port accepts and why, who calls in plaintext. */
export function EncryptionCard(props: {
  mtls: MtlsResult;
  clusters: readonly ClusterStatus[];
  /** Clusters whose traffic is in the numbers; all when not given. */
  counted?: readonly string[];
  span?: CardSpan;
  action?: ReactNode;
}) {
  const { mtls, clusters, counted, span, action } = props;
  const t = useLabels();
  return (
    <MeshCard
      title={t('cards.encryption')}
      subtitle="mTLS"
      span={span}
      action={action}
      footer={
        <SourceFooter source="query" at={metricsAsOf(clusters, counted)}>
          Reported by the called proxies
        </SourceFooter>
      }
    >
      <Headline observed={mtls.observed} />
      <PortsTable ports={mtls.ports} clusterCount={clusters.length} />
      <PlaintextCallers callers={mtls.observed.plaintextCallers} />
      {mtls.mismatches.map(mismatch => (
        <Note key={mismatch} tone="warn">
          {mismatch}
        </Note>
      ))}
    </MeshCard>
  );
}

function Headline(props: { observed: MtlsResult['observed'] }) {
  const { share, counts, label } = presentEncryption(props.observed);
  if (share === undefined) {
    return (
      <p>
        <StatusLabel status="unknown" wrap>
          {counts}: whether calls are encrypted is unknown
        </StatusLabel>
      </p>
    );
  }
  return (
    <>
      <p className={styles.headline}>
        <strong className={styles.keyNumber}>{share}</strong> encrypted
        <span className={`${text.muted} ${text.small} ${styles.end}`}>
          {counts}
        </span>
      </p>
      <ShareBar share={props.observed.encryptedShare ?? 0} label={label} />
    </>
  );
}

function PortsTable(props: { ports: MtlsPort[]; clusterCount: number }) {
  const { ports, clusterCount } = props;
  if (ports.length === 0) {
    return <p className={text.muted}>No ports are declared.</p>;
  }
  return (
    <table className={`${tables.table} ${tables.tight} ${styles.ports}`}>
      <thead>
        <tr>
          <th scope="col">Port</th>
          <th scope="col">Accepts</th>
          <th scope="col">Decided by</th>
        </tr>
      </thead>
      <tbody>
        {ports.map(port => {
          const mode = presentMode(port.mode);
          return (
            <tr key={`${port.port}/${port.mode}/${port.clusters.join()}`}>
              <td>
                {port.port}{' '}
                <span className={`${text.muted} ${text.small}`}>
                  {port.name ?? port.protocol}
                </span>
                {port.clusters.length < clusterCount && (
                  <span className={text.second}>
                    {port.clusters.join(', ')}
                  </span>
                )}
              </td>
              <td>
                {port.mode === 'UNKNOWN' ? (
                  <StatusLabel status="unknown" />
                ) : (
                  mode.words
                )}
                <span className={text.second}>{mode.term}</span>
              </td>
              <td>
                <DecidedByText decidedBy={port.decidedBy} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** More callers than this start folded. */
const FOLD = 5;

function PlaintextCallers(props: { callers: PlaintextCaller[] }) {
  const [open, setOpen] = useState(false);
  const items = presentPlaintextCallers(props.callers);
  if (items.length === 0) return null;
  return (
    <>
      <h3 className={styles.listTitle}>Plaintext callers</h3>
      <ul className={styles.callers}>
        {(open ? items : items.slice(0, FOLD)).map(item => (
          <PlaintextRow key={item.key} item={item} />
        ))}
      </ul>
      {items.length > FOLD && (
        <button
          type="button"
          className={`${text.button} ${text.small}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show fewer' : `Show ${items.length - FOLD} more`}
        </button>
      )}
    </>
  );
}

function PlaintextRow(props: { item: PlaintextItem }) {
  const { name, entityRef, ownerRef, namespace, volume } = props.item;
  return (
    <li>
      <StatusShape shape="lockOpen" tone="warn" />
      {entityRef ? (
        <EntityLink entityRef={entityRef} mesh>
          {name}
        </EntityLink>
      ) : (
        <span>{name}</span>
      )}
      <span className={text.muted}>
        {ownerRef ? (
          <EntityLink entityRef={ownerRef} />
        ) : (
          namespace && `namespace ${namespace}`
        )}
      </span>
      <span className={styles.end}>{volume}</span>
    </li>
  );
}
