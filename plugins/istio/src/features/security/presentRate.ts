import { formatRate } from '@istio-backstage/plugin-istio-common';

/** `0.8 per second`; a rate that rounding would make none of is still one. */
export function presentRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 0.05
    ? 'less than 0.1 per second'
    : `${formatRate(perSecond)} per second`;
}
