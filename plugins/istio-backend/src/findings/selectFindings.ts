import {
  compareFindings,
  FindingList,
  FindingListQuery,
  FindingRow,
  Severity,
} from '@istio-backstage/plugin-istio-common';

type Compare = (a: FindingRow, b: FindingRow) => number;

const ORDERS: Record<FindingListQuery['sort'], Compare> = {
  severity: compareFindings,
  code: (a, b) => compareText(a.code, b.code) || compareFindings(a, b),
  object: (a, b) => compareText(nameOf(a), nameOf(b)) || compareFindings(a, b),
};

/** Filters, counts, sorts and pages the findings that a person may see. */
export function selectFindings(
  rows: readonly FindingRow[],
  query: FindingListQuery,
): Pick<FindingList, 'items' | 'all' | 'total' | 'counts' | 'facets'> {
  const words = wordsOf(query.search);
  const filtered = rows.filter(
    row => matchesFilters(row, query) && matchesSearch(row, words),
  );
  const count = (severity: Severity) =>
    filtered.filter(row => row.severity === severity).length;
  const found = (
    query.severity
      ? filtered.filter(row => row.severity === query.severity)
      : filtered
  ).sort(ORDERS[query.sort]);
  if (query.order === 'desc') found.reverse();
  return {
    items: found.slice(query.offset, query.offset + query.limit),
    all: rows.length,
    total: found.length,
    counts: {
      error: count('error'),
      warning: count('warning'),
      info: count('info'),
    },
    facets: {
      owners: unique(rows.flatMap(row => row.ownerRefs)),
      kinds: unique(rows.map(row => row.object.kind)),
      namespaces: unique(rows.flatMap(row => row.object.namespace ?? [])),
      clusters: unique(rows.flatMap(row => row.clusters)),
      codes: unique(rows.map(row => row.code)),
    },
  };
}

function matchesFilters(row: FindingRow, query: FindingListQuery): boolean {
  const { code, owner, namespace, cluster, kind } = query;
  return (
    (!code || row.code === code) &&
    (!owner || row.ownerRefs.includes(owner)) &&
    (!namespace || row.object.namespace === namespace) &&
    (!cluster || row.clusters.includes(cluster)) &&
    (!kind || row.object.kind === kind)
  );
}

function wordsOf(search: string | undefined): string[] {
  const text = search?.trim().toLocaleLowerCase('en-US');
  return text ? text.split(/\s+/) : [];
}

function matchesSearch(row: FindingRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [
    row.code,
    row.message,
    row.object.kind,
    nameOf(row),
    ...row.equivalents,
    ...row.entityRefs,
    ...row.ownerRefs,
  ]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => text.includes(word));
}

function nameOf({ object }: FindingRow): string {
  return `${object.namespace ?? ''}/${object.name}`;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function unique(items: string[]): string[] {
  return [...new Set(items)].sort();
}
