const MINUS = '−';

/** A share 0..1 of a configured weight: `70 %`, or `33.3 %` where it is no whole percent. */
export function presentWeight(share: number): string {
  const percent = Math.round(share * 1000) / 10;
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)} %`;
}

/** A share 0..1 that was measured, with one decimal: `79.7 %`. */
export function presentObserved(share: number | undefined): string {
  return share === undefined ? 'unknown' : `${(share * 100).toFixed(1)} %`;
}

/** Requests per second with one decimal: `1,204.5`. */
export function presentRate(perSecond: number | undefined): string {
  if (perSecond === undefined) return 'unknown';
  return perSecond.toLocaleString('en-US', {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

/** Difference of two shares in percentage points: `+10 points`, `−30 points`, `no change`. */
export function presentStep(before: number, after: number): string {
  const points = Math.round((after - before) * 1000) / 10;
  if (points === 0) return 'no change';
  const size = Math.abs(points);
  const unit = size === 1 ? 'point' : 'points';
  return `${points > 0 ? '+' : MINUS}${
    Number.isInteger(size) ? size : size.toFixed(1)
  } ${unit}`;
}

/** `45 s`, `5 min`, `2 h`: the length of a window, rounded to what a person reads. */
export function presentWindow(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** `1 pod ready`, `4 pods ready`. */
export function presentPods(ready: number): string {
  return `${ready} ${ready === 1 ? 'pod' : 'pods'} ready`;
}

/** `1 line`, `3 lines`. */
export function presentCount(count: number, singular: string): string {
  return `${count.toLocaleString('en-US')} ${singular}${
    count === 1 ? '' : 's'
  }`;
}
