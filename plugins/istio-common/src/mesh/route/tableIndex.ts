import { memoizeByIdentity } from '../../resources/memoize';
import { compareText } from '../../resources/objectKey';
import { MESH_GATEWAY } from '../../resources/virtualService';
import { MeshSnapshot } from '../../snapshot/types';
import { gatewayApiTables } from './gatewayApiTables';
import { isWildcard } from './hostPatterns';
import { meshDefaults } from './meshDefaults';
import { perLists } from './perLists';
import { RouteTable } from './routeTable';
import { virtualServiceTables } from './virtualServiceTables';

/** Remembered per table: most tables outlive a snapshot. */
const destinationHosts = memoizeByIdentity(
  (table: RouteTable): ReadonlySet<string> =>
    new Set(
      [
        ...table.http.flatMap(rule => [...rule.destinations, ...rule.mirrors]),
        ...[...table.tls, ...table.tcp].flatMap(rule => rule.destinations),
      ].map(({ host }) => host),
    ),
);

/** Route tables by what a request is looked up with. */
export interface TableIndex {
  /** Tables of the mesh by exact host. */
  meshByHost: ReadonlyMap<string, readonly RouteTable[]>;
  /** Tables of the mesh with a wildcard host. */
  meshWildcards: readonly { pattern: string; table: RouteTable }[];
  /** Tables of the mesh by the hosts they send to. */
  meshByDestination: ReadonlyMap<string, readonly RouteTable[]>;
  byGateway: ReadonlyMap<string, readonly RouteTable[]>;
  /** Hosts of tables of the mesh with TLS rules. */
  meshTlsHosts: {
    exact: ReadonlySet<string>;
    wildcards: readonly string[];
  };
}

const buildIndex = perLists(lists =>
  indexTables(lists.flat() as readonly RouteTable[]),
);

/** All route tables of a cluster. */
export function tableIndex(snapshot: MeshSnapshot): TableIndex {
  return buildIndex([
    virtualServiceTables(snapshot.list('VirtualService'), {
      domain: snapshot.domain,
      exportTo: meshDefaults(snapshot).virtualServiceExportTo,
    }),
    gatewayApiTables(snapshot),
  ]);
}

function indexTables(tables: readonly RouteTable[]): TableIndex {
  const meshByHost = new Map<string, RouteTable[]>();
  const meshWildcards: { pattern: string; table: RouteTable }[] = [];
  const meshByDestination = new Map<string, RouteTable[]>();
  const byGateway = new Map<string, RouteTable[]>();
  for (const table of tables) {
    for (const gateway of new Set(table.gateways)) {
      if (gateway !== MESH_GATEWAY) {
        push(byGateway, gateway, table);
      }
    }
    if (table.gateways.includes(MESH_GATEWAY)) {
      for (const host of new Set(table.hosts)) {
        if (isWildcard(host)) {
          meshWildcards.push({ pattern: host, table });
        } else {
          push(meshByHost, host, table);
        }
      }
      for (const host of destinationHosts(table)) {
        push(meshByDestination, host, table);
      }
    }
  }
  const tlsHosts = tables
    .filter(
      ({ tls, gateways }) => tls.length > 0 && gateways.includes(MESH_GATEWAY),
    )
    .flatMap(({ hosts }) => hosts);
  const meshTlsHosts = {
    exact: new Set(tlsHosts.filter(host => !isWildcard(host))),
    wildcards: tlsHosts.filter(isWildcard),
  };
  return {
    meshByHost,
    meshWildcards,
    meshByDestination,
    byGateway,
    meshTlsHosts,
  };
}

function push(
  map: Map<string, RouteTable[]>,
  key: string,
  table: RouteTable,
): void {
  const list = map.get(key);
  if (list) {
    list.push(table);
  } else {
    map.set(key, [table]);
  }
}

/** Istio's order: creation time, then name, then namespace. */
export function compareTables(a: RouteTable, b: RouteTable): number {
  return (
    a.created - b.created ||
    compareText(a.name, b.name) ||
    compareText(a.namespace, b.namespace)
  );
}
