import type {
  ClusterStatus,
  MtlsPort,
  MtlsResult,
} from '@istio-backstage/plugin-istio-common';
import {
  DecidedByText,
  MeshCard,
  Note,
  ShareBar,
  SourceFooter,
  StatusLabel,
  objectsAsOf,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useLabels } from '../../translation';
import type { OpenIntent } from '../intents/types';
import { presentEncryption, presentMode } from '../overview/presentMtls';
import styles from './security.module.css';

/** What each port accepts, what decided it, and what was looked at besides. */
export function PortsCard(props: {
  mtls: MtlsResult;
  clusters: readonly ClusterStatus[];
  openIntent?: OpenIntent;
}) {
  const { mtls, clusters, openIntent } = props;
  const t = useLabels();
  const names = new Set(
    mtls.ports.flatMap(({ considered }) =>
      considered.map(({ object, why }) => `${object}: ${why}`),
    ),
  );
  return (
    <MeshCard
      title={t('cards.ports')}
      subtitle="mTLS"
      span={5}
      flush
      action={
        openIntent && (
          <button
            type="button"
            className={`${text.button} ${text.small}`}
            onClick={() => openIntent('mtlsMode')}
          >
            Change
          </button>
        )
      }
      footer={
        <SourceFooter source="object" at={objectsAsOf(clusters)}>
          PeerAuthentications of {clusters.map(({ name }) => name).join(', ')};
          requests as the called proxies reported them
        </SourceFooter>
      }
    >
      <PortsTable ports={mtls.ports} clusterCount={clusters.length} />
      <div className={styles.inset}>
        <Observed observed={mtls.observed} />
        {mtls.mismatches.map(mismatch => (
          <Note key={mismatch} tone="warn">
            {mismatch}
          </Note>
        ))}
        {names.size > 0 && (
          <Note tone="info">
            <strong>Also looked at.</strong> {[...names].join('; ')}.
          </Note>
        )}
      </div>
    </MeshCard>
  );
}

function PortsTable(props: {
  ports: readonly MtlsPort[];
  clusterCount: number;
}) {
  const { ports, clusterCount } = props;
  if (ports.length === 0) {
    return (
      <p className={`${styles.inset} ${text.muted}`}>
        No ports are declared: no Service leads to this component and no
        container names one.
      </p>
    );
  }
  return (
    <table className={`${tables.table} ${tables.edge}`}>
      <thead>
        <tr>
          <th scope="col">Port</th>
          <th scope="col">Accepts</th>
          <th scope="col">Decided by</th>
        </tr>
      </thead>
      <tbody>
        {ports.map(port => (
          <PortRow
            key={`${port.port}/${port.mode}/${port.clusters.join()}`}
            port={port}
            everywhere={port.clusters.length === clusterCount}
          />
        ))}
      </tbody>
    </table>
  );
}

function PortRow(props: { port: MtlsPort; everywhere: boolean }) {
  const { port, everywhere } = props;
  const { words, term } = presentMode(port.mode);
  return (
    <tr>
      <td>
        <strong>{port.port}</strong>
        <span className={text.second}>{port.name ?? port.protocol}</span>
        {!everywhere && (
          <span className={text.second}>{port.clusters.join(', ')}</span>
        )}
      </td>
      <td>
        {port.mode === 'UNKNOWN' && <StatusLabel status="unknown" />}
        {port.mode === 'OUTSIDE' && <StatusLabel status="outsideMesh" />}
        {port.mode !== 'UNKNOWN' && port.mode !== 'OUTSIDE' && words}
        <span className={text.second}>{term}</span>
      </td>
      <td>
        <DecidedByText decidedBy={port.decidedBy} />
      </td>
    </tr>
  );
}

/** Telemetry names no port, so the share is of all of them. */
function Observed(props: { observed: MtlsResult['observed'] }) {
  const { share, counts, label } = presentEncryption(props.observed);
  if (share === undefined) {
    return (
      <StatusLabel status="unknown" wrap>
        {counts}: whether calls are encrypted is unknown
      </StatusLabel>
    );
  }
  return (
    <>
      <p className={text.small}>
        <strong>{share}</strong> encrypted over all ports, {counts}
      </p>
      <ShareBar share={props.observed.encryptedShare ?? 0} label={label} />
    </>
  );
}
