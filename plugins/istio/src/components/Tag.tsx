import Chip from '@material-ui/core/Chip';
import styles from './Tag.module.css';

/** A short fact beside a name: a cluster, "your team". Not a status, and nothing to press. */
export function Tag(props: { children: string }) {
  return (
    <Chip
      component="span"
      size="small"
      label={props.children}
      className={styles.tag}
    />
  );
}
