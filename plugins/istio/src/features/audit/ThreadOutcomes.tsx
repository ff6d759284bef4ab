import type { ThreadOperation } from '@istio-backstage/plugin-istio-common';
import tables from '../../components/tables.module.css';
import text from '../../components/text.module.css';
import { PreviewSection } from '../changes/preview/PreviewSection';

/** What each cluster answered, and the id that joins it with the API server's own audit. */
export function ThreadOutcomes(props: { operations: ThreadOperation[] }) {
  return (
    <PreviewSection title="Attempts" plain>
      <table className={`${tables.table} ${tables.tight}`}>
        <thead>
          <tr>
            <th scope="col">Cluster</th>
            <th scope="col">Object</th>
            <th scope="col">Answer</th>
          </tr>
        </thead>
        <tbody>
          {props.operations.map(operation => {
            const { object, outcome, message, attemptId } = operation;
            return (
              <tr
                key={`${object.cluster}/${object.kind}/${object.namespace}/${object.name}`}
              >
                <th scope="row">{object.cluster}</th>
                <td>
                  {object.kind} {object.namespace}/{object.name}
                </td>
                <td>
                  {outcome ?? 'none recorded'}
                  {message && <span className={text.second}>{message}</span>}
                  {attemptId && (
                    <span className={text.second}>
                      Audit-ID <span className={text.mono}>{attemptId}</span>
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </PreviewSection>
  );
}
