import {
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { BackendContext, readBackends } from './gatewayApiBackends';
import { readSettings } from './gatewayApiFilters';
import {
  compareMatches,
  readGrpcRouteMatch,
  readHttpRouteMatch,
} from './gatewayApiMatch';
import {
  at,
  Destination,
  HttpRule,
  L4Match,
  L4Rule,
  Origin,
} from './routeTable';

/**
 * The rules of an HTTPRoute or GRPCRoute, one per match; none when Istio drops the route as malformed.
 *
 * Source: istio/istio pilot/pkg/config/kube/gateway conversion.go convertHTTPRoute, convertGRPCRoute (1.31).
 */
export function readRouteRules(
  object: KubeObject,
  context: BackendContext,
): HttpRule[] {
  const grpc = object.kind === 'GRPCRoute';
  const { namespace = '', name } = object.metadata;
  const rules: HttpRule[] = [];
  for (const [index, fields] of fieldsListOf(
    fieldsOf(object.spec).rules,
  ).entries()) {
    const origin: Origin = { object, path: `spec.rules[${index}]` };
    const settings = readSettings(fields, origin, context);
    const destinations = readBackends(fields, origin, context);
    if (!settings || !destinations) {
      return [];
    }
    if (destinations.length === 0 && settings.fields.redirect === undefined) {
      settings.fields.directResponse = { status: 500 };
      settings.fieldOrigins.directResponse = at(origin, 'backendRefs');
    }
    const rule: HttpRule = {
      ...origin,
      ...settings,
      destinations,
      matches: [],
      name: textOf(fields.name) ?? `${namespace}.${name}.${index}`,
    };
    const matches = fieldsListOf(fields.matches).map((match, position) =>
      (grpc ? readGrpcRouteMatch : readHttpRouteMatch)(
        match,
        at(origin, `matches[${position}]`),
      ),
    );
    rules.push(
      ...(matches.length === 0
        ? [rule]
        : matches.map(match => ({ ...rule, matches: [match] }))),
    );
  }
  return rules;
}

/** The rules in Gateway API's order of precedence; equal ones stay in theirs. */
export function sortRules(rules: readonly HttpRule[]): HttpRule[] {
  return [...rules].sort((a, b) => compareMatches(a.matches[0], b.matches[0]));
}

/** The rules with a parentRef's port as a further condition. */
export function limitToPort(
  rules: readonly HttpRule[],
  port: number,
): HttpRule[] {
  return rules.map(rule => ({
    ...rule,
    matches:
      rule.matches.length === 0
        ? [{ ...readHttpRouteMatch({}, rule), uri: undefined, port }]
        : rule.matches.map(match => ({ ...match, port })),
  }));
}

/** The rules of a TCPRoute or TLSRoute; none when Istio drops the route as malformed. */
export function readL4RouteRules(
  object: KubeObject,
  context: BackendContext,
): L4Rule[] {
  const spec = fieldsOf(object.spec);
  const hostnames = textsOf(spec.hostnames);
  const rules: L4Rule[] = [];
  for (const [index, fields] of fieldsListOf(spec.rules).entries()) {
    const origin: Origin = { object, path: `spec.rules[${index}]` };
    const destinations = readBackends(fields, origin, context);
    if (!destinations) {
      return [];
    }
    const matches =
      object.kind === 'TLSRoute' && destinations.length > 0
        ? [l4Match(origin, hostnames.length > 0 ? hostnames : ['*'])]
        : [];
    rules.push({
      ...origin,
      matches,
      destinations: destinations.length > 0 ? destinations : [rejected(origin)],
    });
  }
  return rules;
}

/** What a rule without backends sends to: a cluster that does not exist. */
function rejected(origin: Origin): Destination {
  return {
    ...at(origin, 'backendRefs'),
    host: 'internal.cluster.local',
    subset: 'zero-weight',
    port: 65535,
    weight: 0,
    fields: {},
  };
}

/** A match by server name, and by port where one is given. */
export function l4Match(
  origin: Origin,
  sniHosts: readonly string[],
  port?: number,
): L4Match {
  const match: L4Match = {
    ...origin,
    gateways: [],
    sourceLabels: {},
    sniHosts,
    destinationSubnets: [],
  };
  return port === undefined ? match : { ...match, port };
}
