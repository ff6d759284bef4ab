import { resolveResilience } from '../../mesh/resilience/resolveResilience';
import {
  RESILIENCE_WORDS,
  type DestinationResilience,
  type ResilienceSetting,
  type RouteResilience,
} from '../../mesh/resilience/types';
import { resolveRoutes } from '../../mesh/traffic/resolveRoutes';
import type { TrafficRoute } from '../../mesh/traffic/types';
import type { BehaviourArea, BehaviourFact } from './types';

/**
 * Settings in force for the component's callers. Those of a rule that is new or gone are not told: the
 * rule itself is.
 */
export const resilienceArea: BehaviourArea = {
  area: 'resilience',
  kinds: [
    'VirtualService',
    'HTTPRoute',
    'GRPCRoute',
    'DestinationRule',
    'Sidecar',
  ],
  list: ({ snapshot, match }) => {
    const { routes, destinations } = resolveResilience({ snapshot, match });
    const rules = resolveRoutes(snapshot, match).routes;
    return [
      ...routes.flatMap(route => factsOfRoute(route, rules)),
      ...destinations.flatMap(factsOfDestination),
    ];
  },
};

function factsOfRoute(
  route: RouteResilience,
  rules: readonly TrafficRoute[],
): BehaviourFact[] {
  const { host, port, object, fieldPath, name, settings } = route;
  const place = fieldPath?.replace(/^spec\./, '');
  const rule = rules.find(
    each =>
      each.fieldPath === place &&
      each.object?.kind === object?.kind &&
      each.object?.namespace === object?.namespace &&
      each.object?.name === object?.name,
  );
  return settings.map(setting => ({
    key: JSON.stringify([host, port, rule?.when ?? [], setting.setting]),
    what: RESILIENCE_WORDS[setting.setting],
    where: name ?? place ?? `port ${port}`,
    value: valueOf(setting),
  }));
}

function factsOfDestination(
  destination: DestinationResilience,
): BehaviourFact[] {
  const { host, subset, port, settings } = destination;
  return settings.map(setting => ({
    key: JSON.stringify([host, subset, port, setting.setting]),
    what: RESILIENCE_WORDS[setting.setting],
    where: `${subset ?? host.split('.')[0]}, port ${port}`,
    value: valueOf(setting),
  }));
}

function valueOf({ text, detail, decidedBy }: ResilienceSetting) {
  return { text, ...(detail && { detail }), decidedBy };
}
