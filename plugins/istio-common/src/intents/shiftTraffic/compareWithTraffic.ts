import { formatCount, formatShare } from '../../telemetry/format';
import type { ExpectedShare, TrafficVerdict } from '../types';

/** Requests per version since the change. */
export interface ObservedVersion {
  key: string;
  requests: number;
}

/**
 * Compares counts with the shares before and after. They show the change when they are within three
 * standard errors of the new shares and beyond two of the old ones: a few requests fit both and prove
 * nothing.
 */
export function compareWithTraffic(options: {
  versions: readonly ExpectedShare[];
  observed: ObservedVersion[];
  minimumRequests: number;
  /** What was counted. */
  unit?: 'requests' | 'connections';
}): TrafficVerdict {
  const { versions, observed, minimumRequests, unit = 'requests' } = options;
  const total = observed.reduce((sum, { requests }) => sum + requests, 0);
  if (total < Math.max(1, minimumRequests)) {
    return {
      verdict: 'wait',
      why: `${formatCount(total)} ${unit} since, ${formatCount(
        minimumRequests,
      )} are needed to tell`,
    };
  }
  const rows = versions.map(version => ({
    ...version,
    share:
      observed
        .filter(({ key }) => key === version.key)
        .reduce((sum, { requests }) => sum + requests, 0) / total,
  }));
  const seen = namesOf(rows);
  const fits = rows.every(
    ({ share, after }) => Math.abs(share - after) <= 3 * errorOf(after, total),
  );
  if (!fits) {
    return {
      verdict: 'wait',
      why: `traffic does not follow: ${seen} of ${formatCount(
        total,
      )} ${unit}, configured ${rowsThatChange(rows)
        .map(({ label, after }) => `${label} ${formatShare(after)}`)
        .join(', ')}`,
    };
  }
  const told = rows.some(
    ({ share, before, after }) =>
      before !== after &&
      Math.abs(share - before) > 2 * errorOf(before, total) &&
      Math.abs(share - after) < Math.abs(share - before),
  );
  return told
    ? { verdict: 'verified', text: `Seen in traffic: ${seen}` }
    : {
        verdict: 'wait',
        why: `${formatCount(
          total,
        )} ${unit} do not tell the new shares from the old ones`,
      };
}

type Row = Omit<ExpectedShare, 'key'> & {
  share: number;
};

/** The versions that grow, else those that change: what a person looks for. */
function rowsThatChange(rows: Row[]): Row[] {
  const growing = rows.filter(({ before, after }) => after > before);
  return growing.length > 0
    ? growing
    : rows.filter(({ before, after }) => after !== before);
}

function namesOf(rows: Row[]): string {
  return rowsThatChange(rows)
    .map(({ label, share }) => `${label} ${formatShare(share)}`)
    .join(', ');
}

/** Standard error of a share, and half a point for what counters and windows add. */
function errorOf(share: number, requests: number): number {
  return Math.sqrt((share * (1 - share)) / requests) + 0.005 / 3;
}
