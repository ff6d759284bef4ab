import styles from './text.module.css';

/** Words for screen readers beside a sign or an icon. BUI's own is a block and may not stand in a line. */
export function Spoken(props: { children: string }) {
  return <span className={styles.hidden}>{props.children}</span>;
}
