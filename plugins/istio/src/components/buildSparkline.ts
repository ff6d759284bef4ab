/** A point of a series: epoch seconds and value, null where there is no data. */
export type SparkPoint = readonly [number, number | null];

/** Box a sparkline is drawn in, in user units of the SVG. */
export interface SparkBox {
  width: number;
  height: number;
  /** Epoch seconds of the left and right edge. */
  from: number;
  to: number;
}

/** Free space above and below the line, so that its stroke is not cut. */
const MARGIN = 3;

/**
 * Path of a series, scaled from zero to its largest value. A gap in the data is a gap in the line,
 * and a series of zeros lies on the floor.
 */
export function buildSparkline(
  points: readonly SparkPoint[],
  box: SparkBox,
): string {
  const span = box.to - box.from || 1;
  const top = Math.max(0, ...points.map(([, value]) => value ?? 0)) || 1;
  const commands: string[] = [];
  let penDown = false;
  for (const [at, value] of points) {
    if (value === null || !Number.isFinite(value)) {
      penDown = false;
      continue;
    }
    const x = ((at - box.from) / span) * box.width;
    const y = box.height - MARGIN - (value / top) * (box.height - 2 * MARGIN);
    commands.push(`${penDown ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`);
    penDown = true;
  }
  return commands.join('');
}
