import type { EntityMatch } from '@istio-backstage/plugin-istio-common';
import { EmptyState } from '../../components';
import styles from './meshTab.module.css';
import text from '../../components/text.module.css';

/** Nothing in any cluster belongs to the component: what is missing, and what nearly matched. */
export function NoMatch(props: { match: EntityMatch }) {
  const { match } = props;
  const empty = match.empty ?? {
    title: 'Nothing to show yet',
    explanation:
      'Workloads of this component were found, but their health could not be computed.',
    fix: undefined,
  };
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
                    {miss.namespace}/{miss.name}
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
