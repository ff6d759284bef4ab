import { ChangeLog } from './ChangesView';
import styles from './changes.module.css';

/** The changes of all components whose log the signed-in person may read, made here or elsewhere. */
export function MeshChangesView() {
  return (
    <div className={styles.room}>
      <ChangeLog />
    </div>
  );
}
