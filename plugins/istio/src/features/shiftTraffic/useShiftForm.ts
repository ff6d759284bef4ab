import { useCallback, useMemo, useState } from 'react';
import type {
  ServiceMatch,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../changes/dialog/JustificationFields';
import { buildShiftIntent } from './buildShiftIntent';
import { resolveFormProblem } from './resolveFormProblem';
import {
  resolveInitialRoute,
  resolveShiftableRoutes,
  type RouteOption,
} from './resolveShiftableRoutes';
import { resolveRouteRate, resolveVersionRows } from './resolveVersionRows';
import {
  hasMoved,
  initialWeights,
  resolveSum,
  setWeight,
  type TypedWeights,
} from './weights';

/** What a person typed. It outlives every refresh of the data beside it. */
interface Draft {
  routeId?: string;
  /** Undefined: all clusters of the route. */
  clusters?: string[];
  weights: TypedWeights;
  lastEdited?: string;
}

function useDraft(initial: RouteOption | undefined, split: TrafficSplit) {
  return useState<Draft>(() => ({
    routeId: initial?.id,
    weights: initial
      ? initialWeights(resolveVersionRows(initial.route, split))
      : {},
  }));
}

/** Everything the shift-traffic form shows and what it amounts to. */
export function useShiftForm(options: {
  split: TrafficSplit;
  services?: ServiceMatch[];
  routeId?: string;
}) {
  const { split, services, routeId } = options;
  const routes = useMemo(() => resolveShiftableRoutes(split), [split]);
  const first = resolveInitialRoute(routes, split, routeId);
  const [draft, setDraft] = useDraft(first, split);
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const option =
    routes.find(({ id }) => id === draft.routeId) ??
    // The clusters of a route may change while the form is open; the route is still the same.
    routes.find(({ route }) => draft.routeId?.startsWith(`${route.id}@`)) ??
    first;
  const route = option?.route;
  const rows = useMemo(
    () => (route ? resolveVersionRows(route, split) : []),
    [route, split],
  );
  const weights = useMemo(
    () => ({ ...initialWeights(rows), ...draft.weights }),
    [rows, draft.weights],
  );
  const clusters = useMemo(
    () =>
      (route?.clusters ?? []).filter(
        cluster => draft.clusters?.includes(cluster) ?? true,
      ),
    [route, draft.clusters],
  );
  const sum = resolveSum(rows, weights);
  // Without a route object even today's shares are a change: they become explicit.
  const moved = hasMoved(rows, weights) || (route && !route.object) || false;
  const compiled = useMemo(
    () =>
      route && sum.kind === 'complete' && moved && clusters.length > 0
        ? buildShiftIntent({ route, services, clusters, rows, weights })
        : undefined,
    [route, services, clusters, rows, weights, sum.kind, moved],
  );

  const setOneWeight = useCallback(
    (key: string, text: string) =>
      setDraft(old => ({
        ...old,
        lastEdited: key,
        weights: setWeight({
          rows,
          weights: { ...initialWeights(rows), ...old.weights },
          key,
          text,
        }),
      })),
    [rows, setDraft],
  );
  const setAll = useCallback(
    (next: TypedWeights) =>
      setDraft(old => ({ ...old, weights: next, lastEdited: undefined })),
    [setDraft],
  );
  const selectRoute = useCallback(
    (id: string) => {
      const chosen = routes.find(other => other.id === id);
      if (!chosen) return;
      setDraft({
        routeId: id,
        weights: initialWeights(resolveVersionRows(chosen.route, split)),
      });
    },
    [routes, split, setDraft],
  );
  const setClusters = useCallback(
    (names: string[]) => setDraft(old => ({ ...old, clusters: names })),
    [setDraft],
  );

  return {
    routes,
    option,
    route,
    selectRoute,
    rows,
    weights,
    lastEdited: draft.lastEdited,
    setWeight: setOneWeight,
    setAll,
    resetWeights: () => setAll(initialWeights(rows)),
    clusters,
    setClusters,
    sum,
    moved,
    totalRate: route && resolveRouteRate(route, split),
    observedSeconds: split.observed.seconds,
    why,
    setWhy,
    intent: compiled?.ok ? compiled.intent : undefined,
    problem: resolveFormProblem({
      clusters,
      sum,
      moved,
      problem: compiled && !compiled.ok ? compiled.problem : undefined,
    }),
  };
}

export type ShiftForm = ReturnType<typeof useShiftForm>;
