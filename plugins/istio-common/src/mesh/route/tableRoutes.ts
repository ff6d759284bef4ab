import { matchesLabels } from '../../resources/selector';
import { HttpRequest } from './httpRequest';
import { isCatchAll, whyNotMatched } from './matchHttp';
import { ProxyView } from './proxyView';
import { CallerMatch, HttpMatch, HttpRule, RouteTable } from './routeTable';

/** One match of one rule, as a proxy gets it. */
export interface ProxyRoute {
  table: RouteTable;
  rule: HttpRule;
  /** Undefined: the rule has none. */
  match?: HttpMatch;
  /** The port it was made for. */
  port: number;
}

/** A rule or match that is not in this proxy's configuration, or did not take the request. */
export interface PassedOver {
  rule: HttpRule;
  match?: HttpMatch;
  reason:
    | 'otherPort'
    | 'otherGateway'
    | 'otherCaller'
    | 'behindCatchAll'
    | 'noMatch';
  text: string;
}

/** The routes of a table on one port of one proxy. */
export interface TableRoutes {
  routes: ProxyRoute[];
  passedOver: PassedOver[];
}

/**
 * The HTTP routes that a table gives a proxy: matches about the caller are decided here, and nothing
 * follows a match that takes every request.
 *
 * Source: istio/istio pilot/pkg/networking/core/route BuildHTTPRoutesForVirtualService (1.31).
 */
export function tableRoutes(
  table: RouteTable,
  options: { view: ProxyView; gateway: string; port: number },
): TableRoutes {
  const result: TableRoutes = { routes: [], passedOver: [] };
  let closedBy: ProxyRoute | undefined;
  for (const rule of table.http) {
    for (const match of rule.matches.length > 0 ? rule.matches : [undefined]) {
      const { port } = options;
      const route: ProxyRoute = match
        ? { table, rule, match, port }
        : { table, rule, port };
      if (closedBy) {
        result.passedOver.push({
          ...route,
          reason: 'behindCatchAll',
          text: `${placeOf(closedBy)} takes every request before it.`,
        });
        continue;
      }
      const other = match && whyOtherCaller(match, options);
      if (other) {
        result.passedOver.push({ ...route, ...other });
        continue;
      }
      result.routes.push(route);
      if (isCatchAll(match)) {
        closedBy = route;
      }
    }
  }
  return result;
}

function placeOf({ rule, match }: ProxyRoute): string {
  return match?.path ?? rule.path;
}

/** Why a match is not for this proxy on this port; a match that names gateways says nothing about callers. */
export function whyOtherCaller(
  match: CallerMatch,
  options: { view: ProxyView; gateway: string; port: number; strict?: boolean },
): Pick<PassedOver, 'reason' | 'text'> | undefined {
  const { view, gateway, port, strict = false } = options;
  if (match.port !== undefined && match.port !== port) {
    return { reason: 'otherPort', text: `It is for port ${match.port}.` };
  }
  if (match.gateways.length > 0 && !match.gateways.includes(gateway)) {
    return {
      reason: 'otherGateway',
      text: `It is for ${match.gateways.join(', ')}.`,
    };
  }
  if (match.gateways.length > 0 && !strict) {
    return undefined;
  }
  const { sourceLabels, sourceNamespace } = match;
  if (!matchesLabels(sourceLabels, view.labels)) {
    return {
      reason: 'otherCaller',
      text: 'It is for callers with other labels.',
    };
  }
  return sourceNamespace !== undefined && sourceNamespace !== view.namespace
    ? {
        reason: 'otherCaller',
        text: `It is for callers in namespace ${sourceNamespace}.`,
      }
    : undefined;
}

/** The first route that takes the request, and why those before it did not. */
export function firstMatching(
  routes: readonly ProxyRoute[],
  request: HttpRequest,
): { route?: ProxyRoute; passedOver: PassedOver[] } {
  const passedOver: PassedOver[] = [];
  for (const route of routes) {
    const why = route.match && whyNotMatched(route.match, request);
    if (why === undefined) {
      return { route, passedOver };
    }
    passedOver.push({
      ...route,
      reason: 'noMatch',
      text: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    });
  }
  return { passedOver };
}
