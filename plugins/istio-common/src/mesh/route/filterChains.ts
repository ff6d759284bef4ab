import { MESH_GATEWAY } from '../../resources/virtualService';
import { addressIn } from './addressRanges';
import { hostsOverlap, isCovered, isWildcard } from './hostPatterns';
import { inClaimOrder } from './meshTables';
import { MeshPortView } from './meshDomains';
import { isTls, PortProtocol } from './protocol';
import { MeshService } from './serviceModel';
import { L4Rule, RouteTable } from './routeTable';
import { whyOtherCaller } from './tableRoutes';

/** Connections that a listener handles in one way. */
export interface FilterChain {
  /** Undefined: HTTP. */
  tcp?: {
    service: MeshService;
    /** Undefined: the service by itself. */
    rule?: { table: RouteTable; rule: L4Rule };
  };
  /** For a detected service: its host, whose routes alone are served. */
  onlyHost?: string;
  /** Takes only what is seen to be plain HTTP. */
  inspected: boolean;
  /** Empty: any. */
  sniHosts: readonly string[];
  /** Empty: any. */
  ranges: readonly string[];
}

/** A connection, as a listener sees it. */
export interface Connection {
  /** Undefined: an address nobody declared. */
  address?: string;
  tls: boolean;
  sni: string;
  http: boolean;
}

/** An HTTP chain: of all hosts on the port, or of one service. */
export function httpChain(options: {
  inspected: boolean;
  onlyHost?: string;
}): FilterChain {
  return { ...options, sniHosts: [], ranges: [] };
}

/**
 * How a client's proxy forwards connections to a service on a port that is TCP, TLS or detected: the
 * rules of VirtualServices for its host, else the service itself.
 *
 * Source: istio/istio pilot/pkg/networking/core/tls.go (1.31).
 */
export function tcpChains(
  place: MeshPortView,
  service: MeshService,
  protocol: PortProtocol,
): FilterChain[] {
  const { meshByHost, meshWildcards } = place.view.tables;
  const tables = inClaimOrder(place, [
    ...(isWildcard(service.host)
      ? [...meshByHost.entries()]
          .filter(([host]) => hostsOverlap(host, service.host))
          .flatMap(([, list]) => list)
      : meshByHost.get(service.host) ?? []),
    ...meshWildcards
      .filter(({ pattern }) => hostsOverlap(pattern, service.host))
      .map(({ table }) => table),
  ]);
  const ranges = service.cidr === undefined ? [] : [service.cidr];
  return isTls(protocol)
    ? tlsChains(place, { service, tables, ranges })
    : plainChains(place, { service, tables, ranges });
}

interface ChainInput {
  service: MeshService;
  tables: readonly RouteTable[];
  ranges: readonly string[];
}

function tlsChains(place: MeshPortView, input: ChainInput): FilterChain[] {
  const { service, tables } = input;
  const chains: FilterChain[] = [];
  const handled = new Set<string>();
  let { ranges } = input;
  for (const table of tables) {
    for (const rule of table.tls.filter(
      ({ destinations }) => destinations.length > 0,
    )) {
      for (const match of rule.matches.filter(item =>
        isForCaller(place, item),
      )) {
        if (match.destinationSubnets.length > 0) {
          // Istio keeps a match's ranges for the matches after it.
          ranges = match.destinationSubnets;
        }
        const key = `${match.sniHosts.join()}|${match.destinationSubnets.join()}`;
        if (!handled.has(key)) {
          handled.add(key);
          chains.push({
            tcp: { service, rule: { table, rule } },
            inspected: false,
            sniHosts: match.sniHosts,
            ranges,
          });
        }
      }
    }
  }
  return chains.length > 0 ? chains : [ownTlsChain(input)];
}

/** Without an address of its own a service is told from others by its name alone. */
function ownTlsChain({ service, ranges }: ChainInput): FilterChain {
  const byName =
    ranges.length > 0 ||
    service.addresses.length === 0 ||
    (isWildcard(service.host) && service.resolution === 'dynamicDns');
  return {
    tcp: { service },
    inspected: false,
    sniHosts: byName ? [service.host] : [],
    ranges,
  };
}

function isForCaller(
  place: MeshPortView,
  match: L4Rule['matches'][number],
): boolean {
  return (
    whyOtherCaller(match, {
      view: place.view,
      gateway: MESH_GATEWAY,
      port: place.port,
      strict: true,
    }) === undefined
  );
}

function plainChains(place: MeshPortView, input: ChainInput): FilterChain[] {
  const { service, tables, ranges } = input;
  const chains: FilterChain[] = [];
  for (const table of tables) {
    for (const rule of table.tcp.filter(
      ({ destinations }) => destinations.length > 0,
    )) {
      const fitting = rule.matches.filter(match => isForCaller(place, match));
      const chain = {
        tcp: { service, rule: { table, rule } },
        inspected: false,
        sniHosts: [],
      };
      if (
        rule.matches.length === 0 ||
        fitting.some(match => match.destinationSubnets.length === 0)
      ) {
        return [...chains, { ...chain, ranges }];
      }
      const subnets = fitting.flatMap(match => match.destinationSubnets);
      if (subnets.length > 0) {
        chains.push({ ...chain, ranges: subnets });
        if ([...subnets].sort().join() === [...ranges].sort().join()) {
          return chains;
        }
      }
    }
  }
  return [
    ...chains,
    { tcp: { service }, inspected: false, sniHosts: [], ranges },
  ];
}

/** Whether two chains would take the same connections, of which Istio keeps the first. */
export function chainsConflict(a: FilterChain, b: FilterChain): boolean {
  const set = (items: readonly string[]) =>
    [...new Set(items.filter(item => item !== '*'))].sort().join();
  return (
    a.inspected === b.inspected &&
    set(a.sniHosts) === set(b.sniHosts) &&
    set(a.ranges) === set(b.ranges)
  );
}

function takesAll(chain: FilterChain): boolean {
  return (
    !chain.inspected &&
    chain.ranges.length === 0 &&
    (chain.sniHosts.length === 0 || chain.sniHosts.includes('*'))
  );
}

/**
 * The chain that takes a connection: the narrowest range, then the closest server name, then plain HTTP;
 * else the one that takes all. Undefined: none does.
 *
 * Source: Envoy, FilterChainMatch; istio/istio pilot/pkg/simulation matchFilterChain (1.31).
 */
export function chooseChain(
  chains: readonly FilterChain[],
  connection: Connection,
): FilterChain | undefined {
  const fallback = [...chains].reverse().find(takesAll);
  if (chains.length === 1 && fallback) {
    return fallback;
  }
  let left = chains.filter(chain => !takesAll(chain));
  left = narrow(
    left,
    chain => chain.ranges,
    chain =>
      Math.max(
        0,
        ...chain.ranges.map(range =>
          connection.address === undefined
            ? 0
            : addressIn(connection.address, range),
        ),
      ),
  );
  left = narrow(
    left,
    chain => serverNames(chain),
    chain => closeness(serverNames(chain), connection.sni),
  );
  const seesHttp = connection.http && !connection.tls;
  left = narrow(
    left,
    chain => (chain.inspected ? ['http'] : []),
    () => Number(seesHttp),
  );
  return left[0] ?? fallback;
}

function serverNames({ sniHosts }: FilterChain): readonly string[] {
  return sniHosts.includes('*') ? [] : sniHosts;
}

/** Keeps the best of those that ask and fit, else those that do not ask. */
function narrow(
  chains: readonly FilterChain[],
  asked: (chain: FilterChain) => readonly string[],
  rank: (chain: FilterChain) => number,
): FilterChain[] {
  const ranked = chains
    .filter(chain => asked(chain).length > 0)
    .map(chain => ({ chain, value: rank(chain) }))
    .filter(({ value }) => value > 0);
  const best = Math.max(0, ...ranked.map(({ value }) => value));
  return best > 0
    ? ranked.filter(({ value }) => value === best).map(({ chain }) => chain)
    : chains.filter(chain => asked(chain).length === 0);
}

function closeness(names: readonly string[], sni: string): number {
  if (names.includes(sni)) {
    return Number.MAX_SAFE_INTEGER;
  }
  return Math.max(
    0,
    ...names.map(name =>
      sni !== '' && isCovered(sni, name) ? name.length : 0,
    ),
  );
}
