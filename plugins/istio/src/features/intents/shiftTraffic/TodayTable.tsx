import { formatWrittenShare } from '@istio-backstage/plugin-istio-common';
import tables from '../../../components/tables.module.css';
import { PreviewSection } from '../../changes/preview/PreviewSection';
import { presentObserved, presentRate } from '../../changes/presentNumbers';
import type { VersionRow } from './resolveVersionRows';

/** The shares as they are, before anything was moved. */
export function TodayTable(props: {
  rows: VersionRow[];
  /** Requests per second of the route; undefined when unknown. */
  totalRate?: number;
  rateUnit: string;
}) {
  const { rows, totalRate, rateUnit } = props;
  return (
    <PreviewSection title="Today">
      <table className={`${tables.table} ${tables.tight}`}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col" className={tables.number}>
              Configured
            </th>
            <th scope="col" className={tables.number}>
              Observed
            </th>
            <th scope="col" className={tables.number}>
              {rateUnit}
            </th>
            <th scope="col" className={tables.number}>
              Pods ready
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.key}>
              <th scope="row">{row.label}</th>
              <td className={tables.number}>
                {row.inRoute
                  ? formatWrittenShare(row.today)
                  : 'not in the route'}
              </td>
              <td className={tables.number}>{presentObserved(row.observed)}</td>
              <td className={tables.number}>
                {presentRate(totalRate && totalRate * row.now)}
              </td>
              <td className={tables.number}>{row.podsReady}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </PreviewSection>
  );
}
