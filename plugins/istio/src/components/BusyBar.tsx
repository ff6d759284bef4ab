import LinearProgress from '@material-ui/core/LinearProgress';
import styles from './BusyBar.module.css';

/**
 * A thin line above values that are about to be replaced. It takes no room, so that nothing jumps,
 * and shows only once the wait is long enough to be noticed.
 */
export function BusyBar(props: { label: string }) {
  return (
    <LinearProgress
      aria-label={props.label}
      classes={{ root: styles.bar, bar: styles.moving }}
    />
  );
}
