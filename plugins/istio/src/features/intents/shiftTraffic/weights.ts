import type { VersionRow } from './resolveVersionRows';

/** What is typed, by version key: the text of the number field, so that nothing typed is lost. */
export type TypedWeights = Record<string, string>;

export const WEIGHT_RULE = 'a whole number from 0 to 100';

/** Points the convenience button moves at once. */
const NEXT_STEP_POINTS = 10;

/** The weight a text stands for; undefined when it is no whole number from 0 to 100. */
export function parseWeight(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (!/^\d{1,3}$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value <= 100 ? value : undefined;
}

/** Today's values as typed text. */
export function initialWeights(rows: VersionRow[]): TypedWeights {
  return Object.fromEntries(
    rows.map(row => [row.key, String(row.todayPercent)]),
  );
}

/**
 * Sets one weight. With exactly two versions the other one complements to 100; with more, the
 * others stay: what a person typed is never changed behind their back.
 */
export function setWeight(options: {
  rows: VersionRow[];
  weights: TypedWeights;
  key: string;
  text: string;
}): TypedWeights {
  const { rows, weights, key, text } = options;
  const next = { ...weights, [key]: text };
  const value = parseWeight(text);
  if (rows.length === 2 && value !== undefined) {
    const other = rows.find(row => row.key !== key);
    if (other) next[other.key] = String(100 - value);
  }
  return next;
}

export type WeightSum =
  | { kind: 'complete' }
  | { kind: 'invalid'; labels: string[] }
  | { kind: 'over' | 'under'; sum: number; points: number };

/** Whether the typed weights make 100 %, else by how many points they miss it. */
export function resolveSum(
  rows: VersionRow[],
  weights: TypedWeights,
): WeightSum {
  const labels = rows
    .filter(row => parseWeight(weights[row.key]) === undefined)
    .map(row => row.label);
  if (labels.length > 0) return { kind: 'invalid', labels };
  const sum = rows.reduce(
    (total, row) => total + (parseWeight(weights[row.key]) ?? 0),
    0,
  );
  if (sum === 100) return { kind: 'complete' };
  return {
    kind: sum > 100 ? 'over' : 'under',
    sum,
    points: Math.abs(sum - 100),
  };
}

/** Whether any typed weight differs from today's, as far as it can be read. */
export function hasMoved(rows: VersionRow[], weights: TypedWeights): boolean {
  return rows.some(row => parseWeight(weights[row.key]) !== row.todayPercent);
}

/**
 * The version that can take up what is missing to 100 (or give up what is too much) and that was
 * not edited last; undefined when none can.
 */
export function resolveBalance(options: {
  rows: VersionRow[];
  weights: TypedWeights;
  lastEdited?: string;
}): { row: VersionRow; text: string } | undefined {
  const { rows, weights, lastEdited } = options;
  const sum = resolveSum(rows, weights);
  if (sum.kind !== 'over' && sum.kind !== 'under') return undefined;
  const candidates = rows
    .filter(row => row.key !== lastEdited)
    .map(row => ({
      row,
      value: (parseWeight(weights[row.key]) ?? 0) + 100 - sum.sum,
    }))
    .filter(({ value }) => value >= 0 && value <= 100)
    .sort((a, b) => b.row.today - a.row.today);
  const best = candidates[0];
  return best && { row: best.row, text: String(best.value) };
}

/**
 * The usual next step of a canary, from today's weights: ten points from the version with most
 * traffic to the last other version that has some, or to the first that has none.
 */
export function resolveNextStep(
  rows: VersionRow[],
): { to: VersionRow; percent: number; weights: TypedWeights } | undefined {
  if (rows.length < 2) return undefined;
  const from = rows.reduce((best, row) =>
    row.todayPercent > best.todayPercent ? row : best,
  );
  const others = rows.filter(row => row.key !== from.key);
  const to =
    [...others].reverse().find(row => row.todayPercent > 0) ??
    others.find(row => row.podsReady > 0);
  if (!to || from.todayPercent === 0) return undefined;
  const points = Math.min(NEXT_STEP_POINTS, from.todayPercent);
  const percent = to.todayPercent + points;
  return {
    to,
    percent,
    weights: {
      ...initialWeights(rows),
      [from.key]: String(from.todayPercent - points),
      [to.key]: String(percent),
    },
  };
}
