import { buildSparkline } from './buildSparkline';
import type { SparkPoint } from './buildSparkline';
import styles from './Sparkline.module.css';

const WIDTH = 150;
const HEIGHT = 24;

/** A small line without axes; dashed verticals mark changes. */
export function Sparkline(props: {
  points: readonly SparkPoint[];
  /** Epoch seconds of the edges. */
  from: number;
  to: number;
  /** Epoch seconds of changes to mark. */
  marks?: readonly number[];
  /** Text alternative: what the line shows. */
  label: string;
  alarming?: boolean;
}) {
  const { points, from, to, marks = [], label, alarming } = props;
  const box = { width: WIDTH, height: HEIGHT, from, to };
  const inside = marks.filter(at => at > from && at < to);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {inside.map(at => {
        const x = ((at - from) / (to - from)) * WIDTH;
        return (
          <path
            key={at}
            className={styles.mark}
            d={`M${x.toFixed(1)} 0V${HEIGHT}`}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
      <path
        className={alarming ? styles.alarm : styles.line}
        d={buildSparkline(points, box)}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
