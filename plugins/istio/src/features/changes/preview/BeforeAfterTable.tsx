import type { VersionEffect } from '@istio-backstage/plugin-istio-common';
import tables from '../../../components/tables.module.css';
import {
  presentConfigured,
  presentObserved,
  presentRate,
  presentStep,
} from '../presentNumbers';
import { PreviewSection } from './PreviewSection';
import styles from './preview.module.css';

function VersionRow(props: { version: VersionEffect }) {
  const { version } = props;
  return (
    <tr>
      <th scope="row">{version.label}</th>
      <td className={tables.number}>{presentConfigured(version.before)}</td>
      <td className={`${tables.number} ${styles.muted}`}>
        {presentObserved(version.observed)}
      </td>
      <td className={tables.number}>
        <strong>{presentConfigured(version.after)}</strong>
      </td>
      <td className={tables.number}>
        {presentStep(version.before, version.after)}
      </td>
      <td className={tables.number}>
        {presentRate(version.requestsPerSecondBefore)}
        {' → '}
        <strong>{presentRate(version.requestsPerSecondAfter)}</strong>
      </td>
      <td className={tables.number}>
        {version.podsReady === 0
          ? 'no pod'
          : presentRate(version.requestsPerSecondPerPodAfter)}
      </td>
    </tr>
  );
}

/** Share and rate of each version, before and after. */
export function BeforeAfterTable(props: {
  versions: VersionEffect[];
  /** `req/s` */
  rateUnit: string;
}) {
  return (
    <PreviewSection title="Before and after">
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.tight}`}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col" className={tables.number}>
                Now
              </th>
              <th scope="col" className={tables.number}>
                Observed
              </th>
              <th scope="col" className={tables.number}>
                After
              </th>
              <th scope="col" className={tables.number}>
                Step
              </th>
              <th scope="col" className={tables.number}>
                {props.rateUnit}
              </th>
              <th scope="col" className={tables.number}>
                Per pod
              </th>
            </tr>
          </thead>
          <tbody>
            {props.versions.map(version => (
              <VersionRow key={version.key} version={version} />
            ))}
          </tbody>
        </table>
      </div>
    </PreviewSection>
  );
}
