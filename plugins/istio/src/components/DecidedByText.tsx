import type { DecidedBy } from '@istio-backstage/plugin-istio-common';
import { ObjectLink } from './ObjectLink';
import styles from './text.module.css';

/** What decided a value: object and field path, or which default took its place. */
export function DecidedByText(props: { decidedBy: DecidedBy }) {
  const { decidedBy } = props;
  switch (decidedBy.by) {
    case 'object':
      return (
        <ObjectLink object={decidedBy.object} fieldPath={decidedBy.fieldPath} />
      );
    case 'istioDefault':
      return (
        <>
          Istio’s default
          <span className={styles.second}>{decidedBy.note}</span>
        </>
      );
    case 'meshConfig':
      return (
        <>
          Mesh setting
          <span className={styles.second}>{decidedBy.fieldPath}</span>
        </>
      );
    default:
      return (
        <>
          Nothing sets it
          <span className={styles.second}>{decidedBy.note}</span>
        </>
      );
  }
}
