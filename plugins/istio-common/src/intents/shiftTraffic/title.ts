import type { VersionWeight } from '../types';

/** "v2 from 20 to 40 %, v3 from 0 to 10 %": the versions that grow, or "no change". */
export function titleOfShift(
  before: VersionWeight[],
  after: VersionWeight[],
): string {
  const grows = after.flatMap(({ key, percent }) => {
    const from = before.find(entry => entry.key === key)?.percent ?? 0;
    return percent > from ? [`${key} from ${from} to ${percent} %`] : [];
  });
  return grows.length > 0 ? grows.join(', ') : 'no change';
}

/** "first split: v1 80 %, v2 20 %": nothing routed before. */
export function titleOfFirstSplit(after: VersionWeight[]): string {
  const parts = after
    .filter(({ percent }) => percent > 0)
    .map(({ key, percent }) => `${key} ${percent} %`);
  return `first split: ${parts.join(', ')}`;
}
