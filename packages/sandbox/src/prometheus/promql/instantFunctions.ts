import { labelsKey, refuseDuplicates, withoutName } from './labels';
import { compileRegex } from './literals';
import {
  CallExpr,
  Grid,
  GridSeries,
  Labels,
  PromqlExecutionError,
} from './types';

type Map1 = (value: number, parameters: number[]) => number;

/** Functions that map each sample by itself; the other arguments are scalars. */
export const PER_SAMPLE: Readonly<Record<string, Map1>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  clamp: (value, [min, max]) => Math.max(min, Math.min(max, value)),
  clamp_max: (value, [max]) => Math.min(max, value),
  clamp_min: (value, [min]) => Math.max(min, value),
  exp: Math.exp,
  floor: Math.floor,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  round: (value, [nearest]) => {
    const inverse = 1 / (nearest ?? 1);
    return Math.floor(value * inverse + 0.5) / inverse;
  },
  sgn: Math.sign,
  sqrt: Math.sqrt,
};

export function mapSamples(
  name: string,
  input: GridSeries[],
  parameters: Float64Array[],
): GridSeries[] {
  const map = PER_SAMPLE[name];
  const empties = (step: number) =>
    name === 'clamp' && parameters[0][step] > parameters[1][step];
  const mapped = input.map(series => ({
    labels: withoutName(series.labels),
    present: series.present.map((here, step) => (empties(step) ? 0 : here)),
    values: series.values.map((value, step) =>
      map(
        value,
        parameters.map(parameter => parameter[step]),
      ),
    ),
  }));
  return refuseDuplicates(mapped);
}

/** The value of a vector of exactly one series, else NaN. */
export function scalarOf(input: GridSeries[], grid: Grid): Float64Array {
  const values = new Float64Array(grid.count);
  for (let step = 0; step < grid.count; step++) {
    const here = input.filter(series => series.present[step]);
    values[step] = here.length === 1 ? here[0].values[step] : NaN;
  }
  return values;
}

/** `absent(v)`: 1 where v has nothing, labelled by the equality matchers of a plain selector. */
export function absentOf(
  call: CallExpr,
  input: GridSeries[],
  grid: Grid,
): GridSeries[] {
  const labels: Record<string, string> = {};
  const [arg] = call.args;
  if (arg.type === 'vector') {
    const seen = new Set<string>();
    for (const { label, op, value } of arg.matchers) {
      if (label === '__name__') continue;
      if (op === '=' && !seen.has(label)) labels[label] = value;
      else delete labels[label];
      seen.add(label);
    }
  }
  const present = new Uint8Array(grid.count);
  for (let step = 0; step < grid.count; step++) {
    present[step] = Number(!input.some(series => series.present[step]));
  }
  return present.includes(1)
    ? [{ labels, values: new Float64Array(grid.count).fill(1), present }]
    : [];
}

/** Order counts only in instant queries, as in Prometheus. */
export function sortSeries(
  input: GridSeries[],
  descending: boolean,
): GridSeries[] {
  const value = (series: GridSeries) => series.values[0];
  return [...input].sort((a, b) => {
    if (Number.isNaN(value(a))) return Number.isNaN(value(b)) ? 0 : 1;
    if (Number.isNaN(value(b))) return -1;
    return descending ? value(b) - value(a) : value(a) - value(b);
  });
}

/** `label_replace(v, dst, replacement, src, regex)`. */
export function replaceLabel(
  input: GridSeries[],
  parameters: string[],
): GridSeries[] {
  const [target, replacement, source, pattern] = parameters;
  const regex = compileRegex(pattern);
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(target)) {
    throw new PromqlExecutionError(
      `invalid destination label name in label_replace(): ${target}`,
    );
  }
  const replaced = input.map(series => {
    const found = regex.exec(series.labels[source] ?? '');
    if (!found) return series;
    const value = replacement.replace(
      /\$(\d+|\{\d+\}|\$)/g,
      (_, group: string) =>
        group === '$' ? '$' : found[Number(group.replace(/[{}]/g, ''))] ?? '',
    );
    const labels: Record<string, string> = { ...series.labels };
    if (value) labels[target] = value;
    else delete labels[target];
    return { ...series, labels: labels as Labels };
  });
  const keys = new Set(replaced.map(series => labelsKey(series.labels)));
  return keys.size === replaced.length ? replaced : refuseDuplicates(replaced);
}
