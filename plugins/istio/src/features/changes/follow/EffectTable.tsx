import type { VersionEffect } from '@istio-backstage/plugin-istio-common';
import tables from '../../../components/tables.module.css';
import { PreviewSection } from '../preview/PreviewSection';
import { presentConfigured, presentObserved } from '../presentNumbers';

/** Shares before and after a change, and what traffic shows at present. */
export function EffectTable(props: {
  versions: VersionEffect[];
  /** Observed share by version key; a version without one is unknown. */
  observedNow: ReadonlyMap<string, number>;
  plain?: boolean;
}) {
  const { versions, observedNow, plain } = props;
  return (
    <PreviewSection title="Effect, before and after" plain={plain}>
      <table className={`${tables.table} ${tables.tight}`}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col" className={tables.number}>
              Before
            </th>
            <th scope="col" className={tables.number}>
              After
            </th>
            <th scope="col" className={tables.number}>
              Observed now
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map(version => (
            <tr key={version.key}>
              <th scope="row">{version.label}</th>
              <td className={tables.number}>
                {presentConfigured(version.before)}
              </td>
              <td className={tables.number}>
                <strong>{presentConfigured(version.after)}</strong>
              </td>
              <td className={tables.number}>
                {presentObserved(observedNow.get(version.key))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </PreviewSection>
  );
}
