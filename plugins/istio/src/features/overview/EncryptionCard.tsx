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
  presentCallerVolume,
  presentEncryption,
  presentMode,
} from './presentMtls';
import styles from './overview.module.css';

/** Encryption: the share as observed, what each port accepts and why, who calls in plaintext. */
export function EncryptionCard(props: {
  mtls: MtlsResult;
  clusters: readonly ClusterStatus[];
  span?: CardSpan;
  action?: ReactNode;
}) {
  const { mtls, clusters, span, action } = props;
  const t = useLabels();
  return (
    <MeshCard
      title={t('cards.encryption')}
      subtitle="mTLS"
      span={span}
      action={action}
      footer={
        <SourceFooter source="query" at={metricsAsOf(clusters)}>
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
        <StatusLabel status="unknown">
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

function PlaintextCallers(props: { callers: PlaintextCaller[] }) {
  const { callers } = props;
  if (callers.length === 0) return null;
  return (
    <>
      <h3 className={styles.listTitle}>Plaintext callers</h3>
      <ul className={styles.callers}>
        {callers.map(caller => {
          const name = caller.workload ?? 'Unknown caller';
          return (
            <li key={`${caller.cluster}/${caller.namespace}/${name}`}>
              <StatusShape shape="lockOpen" tone="warn" />
              {caller.entityRef ? (
                <EntityLink entityRef={caller.entityRef} mesh>
                  {name}
                </EntityLink>
              ) : (
                <span>{name}</span>
              )}
              <span className={text.muted}>
                {caller.ownerRef ? (
                  <EntityLink entityRef={caller.ownerRef} />
                ) : (
                  caller.namespace && `namespace ${caller.namespace}`
                )}
              </span>
              <span className={styles.end}>{presentCallerVolume(caller)}</span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
