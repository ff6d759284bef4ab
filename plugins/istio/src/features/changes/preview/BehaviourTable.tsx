import {
  formatList,
  type BehaviourChange,
} from '@istio-backstage/plugin-istio-common';
import { DecidedByText } from '../../../components';
import tables from '../../../components/tables.module.css';
import text from '../../../components/text.module.css';
import { PreviewSection } from './PreviewSection';
import styles from './preview.module.css';

function Value(props: { value: BehaviourChange['before']; strong?: boolean }) {
  const { value, strong } = props;
  return (
    <>
      {strong ? <strong>{value.text}</strong> : value.text}
      {value.detail && <span className={text.second}>{value.detail}</span>}
      {value.decidedBy && (
        <span className={text.second}>
          <DecidedByText decidedBy={value.decidedBy} />
        </span>
      )}
    </>
  );
}

/** What Istio does now and would do afterwards, each with what decides it; a row per difference. */
export function BehaviourTable(props: {
  title: string;
  changes: BehaviourChange[];
  /** Clusters of the plan: a row for all of them does not name them. */
  clusters: string[];
}) {
  const { title, changes, clusters } = props;
  return (
    <PreviewSection title={title}>
      <div className={styles.scroll}>
        <table className={`${tables.table} ${tables.tight}`}>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Now</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changes.map(change => (
              <tr
                key={JSON.stringify([
                  change.area,
                  change.what,
                  change.where,
                  change.clusters,
                  change.after.text,
                ])}
              >
                <th scope="row">
                  {change.what}
                  <span className={text.second}>
                    {change.where}
                    {change.clusters.length < clusters.length &&
                      `, in ${formatList(change.clusters)}`}
                  </span>
                </th>
                <td>
                  <Value value={change.before} />
                </td>
                <td>
                  <Value value={change.after} strong />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </PreviewSection>
  );
}
