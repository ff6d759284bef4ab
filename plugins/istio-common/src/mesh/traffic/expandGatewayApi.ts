import { fieldsOf, isFields, numberOf, textOf } from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import { GatewayApiRule, readGatewayApiRoute } from '../../resources/httpRoute';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import {
  readGatewayApiMatch,
  readVirtualServiceMatch,
  RouteMatch,
} from './routeMatch';
import { resolveShares } from './resolveShares';
import { RuleEntry } from './ruleEntry';

/**
 * The rules of Gateway API routes in the order of evaluation, which is not the order of writing: the most
 * specific condition first (exact path, longest path prefix, method, most headers, most query parameters),
 * then the oldest object, then the first rule. Objects must come oldest first.
 *
 * Source: Gateway API reference, HTTPRouteRule.matches, "Proxy or Load Balancer routing configuration".
 */
export function expandGatewayApi(options: {
  snapshot: MeshSnapshot;
  objects: readonly KubeObject[];
  gateways: string[];
  /** Port of the Service the routes are attached to, where they name one. */
  portOf: (object: KubeObject) => number | undefined;
}): RuleEntry[] {
  const { objects } = options;
  const entries = objects.flatMap(object => {
    const port = options.portOf(object);
    return readGatewayApiRoute(object).rules.map(rule =>
      readEntry({ ...options, object, rule, port }),
    );
  });
  return entries
    .map((entry, index) => ({ entry, index, rank: rankOf(entry) }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || a.index - b.index)
    .map(({ entry }) => entry);
}

function readEntry(options: {
  snapshot: MeshSnapshot;
  object: KubeObject;
  rule: GatewayApiRule;
  gateways: string[];
  port: number | undefined;
}): RuleEntry {
  const { snapshot, object, rule, gateways, port } = options;
  const { protocol } = readGatewayApiRoute(object);
  const matches = readMatches(object, rule);
  const shares = resolveShares(
    rule.backends.map(({ weight }) => weight),
    'gatewayApi',
  );
  const ported =
    matches.length > 0 || port === undefined ? matches : [{ terms: [] }];
  const entry: RuleEntry = {
    object,
    fieldPath: rule.fieldPath,
    protocol,
    matches: ported.map(match =>
      port === undefined ? match : { ...match, port },
    ),
    gateways,
    ...actionOf(rule),
    destinations: rule.backends.map((backend, index) => ({
      host:
        backend.kind === 'Service'
          ? serviceHost(backend, snapshot.domain)
          : backend.name,
      ...(backend.port === undefined ? {} : { port: backend.port }),
      ...(backend.weight === undefined ? {} : { weight: backend.weight }),
      share: shares[index],
      fields: backend.fields,
    })),
    fields: rule.fields,
  };
  return rule.name === undefined ? entry : { ...entry, name: rule.name };
}

/** A TLSRoute has its condition, the server names, at the object. */
function readMatches(
  object: KubeObject,
  rule: GatewayApiRule,
): readonly RouteMatch[] {
  const { hostnames } = readGatewayApiRoute(object);
  return object.kind === 'TLSRoute' && hostnames.length > 0
    ? [readVirtualServiceMatch({ sniHosts: hostnames }, name => name)]
    : rule.matches.map(readGatewayApiMatch);
}

function actionOf(
  rule: GatewayApiRule,
): Pick<RuleEntry, 'action' | 'actionText'> {
  const redirect = rule.filters.find(
    filter => filter.type === 'RequestRedirect',
  )?.requestRedirect;
  if (!isFields(redirect)) {
    return { action: 'route' };
  }
  const path = fieldsOf(redirect.path);
  const target = [
    textOf(redirect.scheme) ? `${redirect.scheme}://` : '',
    textOf(redirect.hostname) ?? '',
    textOf(path.replaceFullPath) ?? textOf(path.replacePrefixMatch) ?? '',
  ].join('');
  return {
    action: 'redirect',
    actionText: `redirects to ${target || 'another address'} (${
      numberOf(redirect.statusCode) ?? 302
    })`,
  };
}

type Rank = readonly number[];

/** Of the most specific of its matches; higher goes first. */
function rankOf(entry: RuleEntry): Rank {
  const ranks = entry.matches.map(rankOfMatch);
  return ranks.sort(compareRanks)[0] ?? rankOfMatch({ terms: [] });
}

function rankOfMatch(match: RouteMatch): Rank {
  const path = match.terms.find(({ subject }) => subject === 'Path');
  const count = (subject: string) =>
    match.terms.filter(term => term.subject === subject).length;
  return [
    path?.operator === 'exact' ? 1 : 0,
    path?.operator === 'segmentPrefix' ? path.value.length : 0,
    count('Method') + count('gRPC method'),
    count('Header '),
    count('Query parameter '),
  ];
}

function compareRanks(a: Rank, b: Rank): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : b[index] - a[index];
}
