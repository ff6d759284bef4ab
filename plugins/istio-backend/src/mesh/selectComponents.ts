import type {
  ComponentList,
  ComponentListQuery,
  ComponentSummary,
} from '@istio-backstage/plugin-istio-common';

type Row = Omit<ComponentSummary, 'lastChange'>;

/** Worst first: what needs a person stands above what is unknown, and both above what is fine. */
const SEVERITY = [
  'failing',
  'degraded',
  'notReady',
  'unknown',
  'outsideMesh',
  'noTraffic',
  'healthy',
];

// Made once: `localeCompare` with a locale costs as much as making one, for every pair of a thousand rows.
const NAMES = new Intl.Collator('en', { numeric: true });
const TEXTS = new Intl.Collator('en');

/** Filters, counts, sorts and pages the rows that a person may see. */
export function selectComponents(
  rows: readonly Row[],
  query: ComponentListQuery,
): Pick<ComponentList, 'all' | 'total' | 'counts' | 'facets'> & {
  items: Row[];
} {
  const filtered = rows.filter(
    row =>
      matchesSearch(row, query.search) &&
      (!query.owner || row.ownerRef === query.owner) &&
      (!query.namespace || row.namespaces.includes(query.namespace)) &&
      (!query.cluster || row.clusters.some(one => one.name === query.cluster)),
  );
  const counts: Record<string, number> = {};
  for (const row of filtered) {
    counts[bucketOf(row)] = (counts[bucketOf(row)] ?? 0) + 1;
  }
  const found = query.status
    ? filtered.filter(row => bucketOf(row) === query.status)
    : filtered;
  const sorted = sortRows(found, query);
  return {
    items: sorted.slice(query.offset, query.offset + query.limit),
    all: rows.length,
    total: found.length,
    counts,
    facets: {
      owners: unique(rows.flatMap(row => row.ownerRef ?? [])),
      namespaces: unique(rows.flatMap(row => row.namespaces)),
      clusters: unique(rows.flatMap(row => row.clusters.map(one => one.name))),
    },
  };
}

/** A component without a proxy has no health of the mesh: it is its own group. */
function bucketOf(row: Row): string {
  return row.dataPlane === 'none' ? 'outsideMesh' : row.status;
}

function matchesSearch(row: Row, search: string | undefined): boolean {
  const words = search?.trim().toLocaleLowerCase('en-US').split(/\s+/) ?? [];
  const text = [row.title, row.entityRef, row.ownerRef ?? '', ...row.namespaces]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => text.includes(word));
}

function sortRows(rows: readonly Row[], query: ComponentListQuery): Row[] {
  const direction = query.order === 'desc' ? -1 : 1;
  const byName = (a: Row, b: Row) =>
    NAMES.compare(a.title, b.title) || TEXTS.compare(a.entityRef, b.entityRef);
  const compare: Record<ComponentListQuery['sort'], typeof byName> = {
    name: byName,
    owner: (a, b) =>
      TEXTS.compare(a.ownerRef ?? '\uffff', b.ownerRef ?? '\uffff'),
    requests: (a, b) =>
      (a.requestsPerSecond ?? -1) - (b.requestsPerSecond ?? -1),
    health: (a, b) =>
      SEVERITY.indexOf(bucketOf(a)) - SEVERITY.indexOf(bucketOf(b)),
  };
  return [...rows].sort(
    (a, b) => direction * compare[query.sort](a, b) || byName(a, b),
  );
}

function unique(items: string[]): string[] {
  return [...new Set(items)].sort();
}
