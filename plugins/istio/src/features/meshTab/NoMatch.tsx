import type {
  ClusterStatus,
  EntityMatch,
} from '@istio-backstage/plugin-istio-common';
import { EmptyState } from '../../components';
import text from '../../components/text.module.css';
import { explainNoHealth } from './explainNoHealth';
import styles from './meshTab.module.css';

/** Nothing to show for the component: what is missing, what would help, and what nearly matched. */
export function NoMatch(props: {
  match: EntityMatch;
  clusters: readonly ClusterStatus[];
}) {
  const { match, clusters } = props;
  const empty = match.empty ?? explainNoHealth(match, clusters);
  return (
    <section aria-label="No mesh data" className={styles.panel}>
      <EmptyState {...empty}>
        {match.nearMisses.length > 0 && (
          <>
            <h4 className={styles.nearTitle}>Nearly matched</h4>
            <ul className={styles.near}>
              {match.nearMisses.map(miss => (
                <li
                  key={`${miss.cluster}/${miss.namespace}/${miss.kind}/${miss.name}`}
                >
                  {miss.kind}{' '}
                  <strong>
                    {miss.kind === 'Namespace'
                      ? miss.name
                      : `${miss.namespace}/${miss.name}`}
                  </strong>{' '}
                  in {miss.cluster}
                  <span className={text.second}>{miss.whyNot}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </EmptyState>
    </section>
  );
}
