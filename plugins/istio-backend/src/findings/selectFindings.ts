import type {
  FindingList,
  FindingListQuery,
  FindingRow,
  Severity,
} from '@istio-backstage/plugin-istio-common';

/** Filters, counts and pages the findings that a person may see; their order stays. */
export function selectFindings(
  rows: readonly FindingRow[],
  query: FindingListQuery,
): Pick<FindingList, 'items' | 'total' | 'counts' | 'facets'> {
  const filtered = rows.filter(
    row =>
      matchesSearch(row, query.search) &&
      (!query.code || row.code === query.code) &&
      (!query.namespace || row.object.namespace === query.namespace) &&
      (!query.cluster || row.cluster === query.cluster),
  );
  const count = (severity: Severity) =>
    filtered.filter(row => row.severity === severity).length;
  const found = query.severity
    ? filtered.filter(row => row.severity === query.severity)
    : filtered;
  return {
    items: found.slice(query.offset, query.offset + query.limit),
    total: found.length,
    counts: {
      error: count('error'),
      warning: count('warning'),
      info: count('info'),
    },
    facets: {
      namespaces: unique(rows.flatMap(row => row.object.namespace ?? [])),
      clusters: unique(rows.map(row => row.cluster)),
      codes: unique(rows.map(row => row.code)),
    },
  };
}

function matchesSearch(row: FindingRow, search: string | undefined): boolean {
  const words = search?.trim().toLocaleLowerCase('en-US').split(/\s+/) ?? [];
  const { object, code, message, equivalents, entityRefs } = row;
  const text = [
    code,
    message,
    object.kind,
    `${object.namespace ?? ''}/${object.name}`,
    ...equivalents,
    ...entityRefs,
  ]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => text.includes(word));
}

function unique(items: string[]): string[] {
  return [...new Set(items)].sort();
}
