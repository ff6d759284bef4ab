import { resolveRoutes } from '../../mesh/traffic/resolveRoutes';
import type { TrafficRoute } from '../../mesh/traffic/types';
import { describeObject } from '../../resources/objectKey';
import type { BehaviourArea, BehaviourFact } from './types';

/** Where requests go, rule by rule; a rule is the same one while it takes the same requests. */
export const routesArea: BehaviourArea = {
  area: 'routes',
  kinds: [
    'VirtualService',
    'HTTPRoute',
    'GRPCRoute',
    'TCPRoute',
    'TLSRoute',
    'Gateway',
    'Sidecar',
  ],
  missing: {
    before: 'by the rules that are there',
    after: 'by the rules that stay',
  },
  list: ({ snapshot, match }) =>
    resolveRoutes(snapshot, match).routes.map(describeRoute),
};

/** What makes a rule the same one wherever it stands. */
export function routeKey({ host, gateways, when }: TrafficRoute): string {
  return JSON.stringify([host, gateways, when]);
}

function describeRoute(route: TrafficRoute): BehaviourFact {
  const { object, fieldPath, neverReached } = route;
  return {
    key: routeKey(route),
    what: describeWhen(route),
    where: object
      ? `${fieldPath} of ${describeObject(object)}`
      : 'Istio’s default',
    value: {
      text: describeTarget(route),
      ...(neverReached && { detail: neverReached.text }),
      ...(object && {
        decidedBy: {
          by: 'object',
          object,
          fieldPath: `spec.${fieldPath}`,
        },
      }),
    },
  };
}

function describeWhen({ when }: TrafficRoute): string {
  return when.length === 0
    ? 'Any request'
    : when
        .map(condition => condition.map(({ text }) => text).join(''))
        .join(' or ');
}

function describeTarget({ action, actionText, destinations }: TrafficRoute) {
  if (action !== 'route') {
    return actionText ?? action;
  }
  const taking = destinations.filter(({ configured }) => configured > 0);
  return taking.length === 0
    ? actionText ?? 'nowhere'
    : taking
        .map(
          ({ label, configured }) =>
            `${label} ${Math.round(configured * 1000) / 10} %`,
        )
        .join(', ');
}
