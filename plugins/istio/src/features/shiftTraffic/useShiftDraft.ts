import { useCallback, useMemo, useState } from 'react';
import type { TrafficSplit } from '@istio-backstage/plugin-istio-common';
import {
  resolveInitialRoute,
  resolveShiftableRoutes,
  type RouteOption,
} from './resolveShiftableRoutes';
import { resolveVersionRows, type VersionRow } from './resolveVersionRows';
import { initialWeights, setWeight, type TypedWeights } from './weights';

/** What a person chose and typed. It outlives every refresh of the data beside it. */
interface Draft {
  routeId?: string;
  /** Undefined: all clusters of the route. */
  clusters?: string[];
  weights: TypedWeights;
  lastEdited?: string;
}

function findOption(
  routes: RouteOption[],
  id: string | undefined,
): RouteOption | undefined {
  return (
    routes.find(option => option.id === id) ??
    // The clusters of a route may change while the form is open; it is the same route still.
    routes.find(({ route }) => id?.startsWith(`${route.id}@`))
  );
}

function useChosenRoute(split: TrafficSplit, routeId?: string) {
  const routes = useMemo(() => resolveShiftableRoutes(split), [split]);
  const first = resolveInitialRoute(routes, split, routeId);
  const [draft, setDraft] = useState<Draft>(() => ({
    routeId: first?.id,
    weights: first
      ? initialWeights(resolveVersionRows(first.route, split))
      : {},
  }));
  const option = findOption(routes, draft.routeId) ?? first;
  const rows = useMemo<VersionRow[]>(
    () => (option ? resolveVersionRows(option.route, split) : []),
    [option, split],
  );
  return { routes, option, rows, draft, setDraft };
}

/** The route, clusters and weights in the form, and how they are edited. */
export function useShiftDraft(split: TrafficSplit, routeId?: string) {
  const { routes, option, rows, draft, setDraft } = useChosenRoute(
    split,
    routeId,
  );
  const weights = useMemo(
    () => ({ ...initialWeights(rows), ...draft.weights }),
    [rows, draft.weights],
  );
  const clusters = useMemo(
    () =>
      (option?.route.clusters ?? []).filter(
        cluster => draft.clusters?.includes(cluster) ?? true,
      ),
    [option, draft.clusters],
  );
  const setAll = useCallback(
    (next: TypedWeights) =>
      setDraft(old => ({ ...old, weights: next, lastEdited: undefined })),
    [setDraft],
  );
  return {
    routes,
    option,
    rows,
    weights,
    clusters,
    lastEdited: draft.lastEdited,
    setAll,
    resetWeights: () => setAll(initialWeights(rows)),
    setWeight: (key: string, text: string) =>
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
    selectRoute: (id: string) => {
      const chosen = findOption(routes, id);
      if (!chosen) return;
      const chosenRows = resolveVersionRows(chosen.route, split);
      setDraft({ routeId: id, weights: initialWeights(chosenRows) });
    },
    setClusters: (names: string[]) =>
      setDraft(old => ({ ...old, clusters: names })),
  };
}
