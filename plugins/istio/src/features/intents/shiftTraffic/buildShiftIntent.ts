import {
  shiftTrafficParamsSchema,
  type IntentOf,
  type ServiceMatch,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { resolveRouteService, routeParam } from '../routeTarget';
import type { VersionRow } from './resolveVersionRows';
import { parseWeight, type TypedWeights } from './weights';

export type ShiftIntentResult =
  | { ok: true; intent: IntentOf<'shiftTraffic'> }
  | { ok: false; problem: string };

/**
 * The intent of what stands in the form. A version that the route does not name and that gets
 * nothing is left out, so that a shift never adds a destination nobody asked for.
 */
export function buildShiftIntent(options: {
  route: TrafficRoute;
  services?: ServiceMatch[];
  clusters: string[];
  rows: VersionRow[];
  weights: TypedWeights;
}): ShiftIntentResult {
  const { route, services, clusters, rows, weights } = options;
  const target = resolveRouteService(route, services);
  if (!target) {
    return {
      ok: false,
      problem: `Host ${route.host} is no Service of this component.`,
    };
  }
  const parsed = shiftTrafficParamsSchema.safeParse({
    clusters,
    ...target,
    route: routeParam(route),
    weights: rows
      .map(row => ({
        key: row.key,
        weight: parseWeight(weights[row.key]),
        inRoute: row.inRoute,
      }))
      .filter(entry => entry.inRoute || entry.weight !== 0)
      .map(({ key, weight }) => ({ key, weight })),
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, problem: `${issue.path.join('.')} ${issue.message}.` };
  }
  return { ok: true, intent: { type: 'shiftTraffic', params: parsed.data } };
}
