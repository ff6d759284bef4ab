import type { SharedFinding } from '@istio-backstage/plugin-istio-common';
import { presentObjectName } from '../../components';

/** Findings in one of the clusters (none named: in any) that hold every word of the search. */
export function selectShown(
  findings: readonly SharedFinding[],
  filter: { clusters: readonly string[]; search: string },
): SharedFinding[] {
  const words = filter.search.toLocaleLowerCase('en-US').split(/\s+/);
  return findings.filter(finding => {
    const text = [
      finding.code,
      finding.message,
      finding.object.kind,
      presentObjectName(finding.object),
      finding.path,
      ...finding.equivalents,
    ]
      .join(' ')
      .toLocaleLowerCase('en-US');
    return (
      words.every(word => text.includes(word)) &&
      (filter.clusters.length === 0 ||
        finding.clusters.some(one => filter.clusters.includes(one)))
    );
  });
}
