import styles from './bars.module.css';

/** Which version of the component a bar stands for decides its tint; labels tell them apart. */
export function tintOfVersion(index: number): 'v1' | 'v2' | 'v3' {
  if (index === 0) return 'v1';
  return index === 1 ? 'v2' : 'v3';
}

/**
 * A share as a bar: configured is hatched grey, observed is solid. Decorative, the number stands
 * beside it.
 */
export function SplitBar(props: {
  /** 0..1; undefined draws the empty track. */
  share: number | undefined;
  variant: 'configured' | 'observed';
  tint?: 'v1' | 'v2' | 'v3';
  thin?: boolean;
}) {
  const { share, variant, tint = 'v1', thin } = props;
  const width = `${Math.min(1, Math.max(0, share ?? 0)) * 100}%`;
  const classes = [styles.bar, styles[variant]];
  if (thin) classes.push(styles.thin);
  return (
    <span className={classes.join(' ')} aria-hidden="true">
      <i
        className={variant === 'observed' ? styles[tint] : undefined}
        style={{ width }}
      />
    </span>
  );
}

/** Encrypted against plaintext, as one bar with a text alternative. */
export function ShareBar(props: { share: number; label: string }) {
  const { share, label } = props;
  return (
    <div className={styles.duo} role="img" aria-label={label}>
      {share > 0 && <i className={styles.encrypted} style={{ flex: share }} />}
      {share < 1 && <i className={styles.plain} style={{ flex: 1 - share }} />}
    </div>
  );
}
