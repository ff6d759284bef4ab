import { useCallback, useMemo, useState } from 'react';
import type { TrafficSplit } from '@istio-backstage/plugin-istio-common';
import { resolveInitialRoute, type RouteOption } from '../resolveRouteOptions';
import { resolveShiftableRoutes } from './resolveShiftableRoutes';
import { resolveVersionRows, type VersionRow } from './resolveVersionRows';
import { initialWeights, setWeight, type TypedWeights } from './weights';

/** What the form is about. */
export interface ShiftSource {
  split: TrafficSplit;
  routeId?: string;
  /** Clusters that do not answer, so that nothing can be changed there. */
  silentClusters?: string[];
}

/**
 * What a person chose and typed. Nothing that arrives from the server changes it: a rule that
 * vanished or a cluster that stopped answering is for the preview to say, not to drop in silence.
 */
interface Draft {
  option?: RouteOption;
  clusters: string[];
  weights: TypedWeights;
  lastEdited?: string;
}

function draftOf(
  option: RouteOption | undefined,
  { split, silentClusters }: ShiftSource,
): Draft {
  return {
    option,
    clusters: (option?.clusters ?? []).filter(
      name => !silentClusters?.includes(name),
    ),
    weights: option ? initialWeights(resolveVersionRows(option, split)) : {},
  };
}

function useChosenRoute(source: ShiftSource) {
  const { split, routeId } = source;
  const routes = useMemo(() => resolveShiftableRoutes(split), [split]);
  const [draft, setDraft] = useState<Draft>(() =>
    draftOf(resolveInitialRoute(routes, split, routeId), source),
  );
  const option =
    routes.find(({ id }) => id === draft.option?.id) ?? draft.option;
  const rows = useMemo<VersionRow[]>(
    () => (option ? resolveVersionRows(option, split) : []),
    [option, split],
  );
  return { routes, option, rows, draft, setDraft };
}

/** The rule, clusters and weights in the form, and how they are edited. */
export function useShiftDraft(source: ShiftSource) {
  const { routes, option, rows, draft, setDraft } = useChosenRoute(source);
  const weights = useMemo(
    () => ({ ...initialWeights(rows), ...draft.weights }),
    [rows, draft.weights],
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
    clusters: draft.clusters,
    /** Clusters to choose from, those chosen before included. */
    clusterChoice: [
      ...new Set([...(option?.clusters ?? []), ...draft.clusters]),
    ],
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
      const chosen = routes.find(other => other.id === id);
      if (chosen) setDraft(draftOf(chosen, source));
    },
    setClusters: (names: string[]) =>
      setDraft(old => ({ ...old, clusters: names })),
  };
}
