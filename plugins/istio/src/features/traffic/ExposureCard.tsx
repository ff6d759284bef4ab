import type { ReactNode } from 'react';
import type {
  CertificateRef,
  ExposureAnswer,
} from '@istio-backstage/plugin-istio-common';
import {
  DecidedByText,
  ErrorNote,
  LinesSkeleton,
  MeshCard,
  ObjectLink,
  SourceFooter,
  StatusLabel,
  objectsAsOf,
} from '../../components';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { useComponentExposure } from '../../data';
import { useLabels } from '../../translation';
import type { MeshViewProps } from '../meshTab/MeshViews';
import {
  groupGateways,
  groupServices,
  presentAddress,
  presentCertificate,
  presentExpiry,
  presentReach,
  presentTls,
} from './presentExposure';
import styles from './traffic.module.css';

/** From where the component can be called outside the cluster, and what it may call there. */
export function ExposureCard(
  props: Pick<MeshViewProps, 'entityRef' | 'scope'>,
) {
  const { entityRef, scope } = props;
  const t = useLabels();
  const { data, error, isPending, refetch } = useComponentExposure(
    entityRef,
    scope.clusters,
  );
  const items = data?.items ?? [];
  return (
    <MeshCard
      title={t('cards.exposure')}
      subtitle="who may come in, what may go out"
      flush={items.length > 0}
      footer={
        data && (
          <SourceFooter source="computed" at={objectsAsOf(data.clusters)}>
            {[...new Set(items.flatMap(({ caveats }) => caveats))].join(' ')}
          </SourceFooter>
        )
      }
    >
      {isPending && <LinesSkeleton lines={5} label="Loading exposure" />}
      {error && (
        <ErrorNote what="Exposure" error={error} onRetry={() => refetch()} />
      )}
      {data && items.length === 0 && (
        <p className={text.muted}>No cluster with data has this component.</p>
      )}
      {items.length > 0 && (
        <table className={`${tables.table} ${tables.edge}`}>
          <thead>
            <tr>
              <th scope="col">Way</th>
              <th scope="col">Address and encryption</th>
              <th scope="col">Decided by</th>
            </tr>
          </thead>
          <tbody>
            <GatewayRows items={items} />
            <ServiceRows items={items} />
            {items.map(item => (
              <OutboundRow
                key={item.cluster}
                item={item}
                named={items.length > 1}
              />
            ))}
          </tbody>
        </table>
      )}
    </MeshCard>
  );
}

function Row(props: {
  way: string;
  decidedBy: ReactNode;
  children: ReactNode;
}) {
  const { way, decidedBy, children } = props;
  return (
    <tr>
      <th scope="row">{way}</th>
      <td>{children}</td>
      <td>{decidedBy}</td>
    </tr>
  );
}

function Where(props: { clusters: readonly string[]; all: number }) {
  const { clusters, all } = props;
  return clusters.length < all ? (
    <span className={text.second}>{clusters.join(', ')}</span>
  ) : null;
}

function GatewayRows(props: { items: readonly ExposureAnswer[] }) {
  const { items } = props;
  const groups = groupGateways(items);
  if (groups.length === 0) {
    return (
      <Row
        way="In"
        decidedBy={
          <DecidedByText
            decidedBy={{
              by: 'nothing',
              note: 'no route of a gateway leads here',
            }}
          />
        }
      >
        Through no gateway
      </Row>
    );
  }
  return (
    <>
      {groups.map(({ value, clusters }) => (
        <Row
          key={`${presentAddress(value)}/${value.fieldPath}/${clusters.join()}`}
          way="In"
          decidedBy={
            <>
              <ObjectLink object={value.gateway} fieldPath={value.fieldPath} />
              {value.rules.map(({ object, fieldPath }) => (
                <span key={`${object.name}/${fieldPath}`}>
                  <ObjectLink object={object} fieldPath={fieldPath} />
                </span>
              ))}
            </>
          }
        >
          <strong className={styles.address}>{presentAddress(value)}</strong>
          <span className={text.second}>{presentTls(value)}</span>
          {value.certificates.map(each => (
            <CertificateLine key={each.fieldPath} named={each} />
          ))}
          <span className={text.second}>{presentReach(value.services)}</span>
          {value.problem && (
            <span className={`${text.small} ${styles.warning}`}>
              Not in force: {value.problem}
            </span>
          )}
          <Where clusters={clusters} all={items.length} />
        </Row>
      ))}
    </>
  );
}

/** When a certificate ends, and who says so. */
function CertificateLine(props: { named: CertificateRef }) {
  const { certificate } = props.named;
  const { status, word } = presentExpiry(certificate);
  return (
    <span className={styles.certificate}>
      <StatusLabel status={status}>{word}</StatusLabel>{' '}
      <span className={text.muted}>
        {presentCertificate(props.named)}{' '}
        {certificate.decidedBy?.object.kind === 'Certificate' && (
          <ObjectLink
            object={certificate.decidedBy.object}
            fieldPath={certificate.decidedBy.fieldPath}
          />
        )}
      </span>
    </span>
  );
}

function ServiceRows(props: { items: readonly ExposureAnswer[] }) {
  const { items } = props;
  return (
    <>
      {groupServices(items).map(({ value, clusters }) => (
        <Row
          key={`${value.object.namespace}/${value.object.name}/${value.reach}`}
          way="In"
          decidedBy={<ObjectLink object={value.object} fieldPath="spec.type" />}
        >
          Past every gateway, on{' '}
          {value.ports.map(({ port, nodePort }) => nodePort ?? port).join(', ')}
          <span className={text.second}>{presentReach([value])}</span>
          <Where clusters={clusters} all={items.length} />
        </Row>
      ))}
    </>
  );
}

function OutboundRow(props: { item: ExposureAnswer; named: boolean }) {
  const { item, named } = props;
  const { outbound, cluster } = item;
  return (
    <Row
      way="Out"
      decidedBy={
        outbound.decidedBy.length > 0 ? (
          outbound.decidedBy.map(by => (
            <DecidedByText key={JSON.stringify(by)} decidedBy={by} />
          ))
        ) : (
          <StatusLabel status="unknown" />
        )
      }
    >
      {outbound.text}
      {outbound.hosts.length > 0 && (
        <span className={text.second}>
          Declared:{' '}
          {outbound.hosts
            .map(({ host, ports }) => `${host}:${ports.join(', ')}`)
            .join('; ')}
        </span>
      )}
      {named && <span className={text.second}>{cluster}</span>}
    </Row>
  );
}
