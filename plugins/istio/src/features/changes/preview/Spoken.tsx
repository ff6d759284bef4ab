import styles from './preview.module.css';

/** Words for screen readers beside a sign or an icon. BUI's own is a block and may not stand in a line. */
export function Spoken(props: { children: string }) {
  return <span className={styles.spoken}>{props.children}</span>;
}
