import {
  formatRate,
  formatShare,
  formatWrittenShare,
} from '@istio-backstage/plugin-istio-common';

const MINUS = '−';

/** A measured share; what no source says is `unknown`, never a number. */
export function presentObserved(share: number | undefined): string {
  return share === undefined ? 'unknown' : formatShare(share);
}

/** Requests per second; what no source says is `unknown`. */
export function presentRate(perSecond: number | undefined): string {
  return perSecond === undefined ? 'unknown' : formatRate(perSecond);
}

/** A configured share, one decimal where it needs one: `90 %`, and `65.9 %` over clusters that differ. */
export function presentConfigured(share: number): string {
  return formatWrittenShare(Math.round(share * 1000) / 1000);
}

/** Difference of two written shares in points: `+10 points`, `−30 points`, `no change`. */
export function presentStep(before: number, after: number): string {
  const points = Number(((after - before) * 100).toFixed(1));
  if (points === 0) return 'no change';
  const size = Math.abs(points);
  return `${points > 0 ? '+' : MINUS}${size} ${
    size === 1 ? 'point' : 'points'
  }`;
}

/** `1 pod ready`, `4 pods ready`. */
export function presentPods(ready: number): string {
  return `${ready} ${ready === 1 ? 'pod' : 'pods'} ready`;
}

/** Unit of a rate beside its number: connections are opened where requests cannot be seen. */
export function presentRateUnit(counts: 'connections' | undefined): string {
  return counts === 'connections' ? 'conn/s' : 'req/s';
}
