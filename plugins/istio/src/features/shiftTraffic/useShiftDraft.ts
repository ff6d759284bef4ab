import { useCallback, useMemo, useState } from 'react';
import type { TrafficSplit } from '@istio-backstage/plugin-istio-common';
import {
  resolveInitialRoute,
  resolveShiftableRoutes,
  type RouteOption,
} from './resolveShiftableRoutes';
import { resolveVersionRows, type VersionRow } from './resolveVersionRows';
import { initialWeights, setWeight, type TypedWeights } from './weights';

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

function draftOf(option: RouteOption | undefined, split: TrafficSplit): Draft {
  return {
    option,
    clusters: option?.clusters ?? [],
    weights: option ? initialWeights(resolveVersionRows(option, split)) : {},
  };
}

function useChosenRoute(split: TrafficSplit, routeId?: string) {
  const routes = useMemo(() => resolveShiftableRoutes(split), [split]);
  const [draft, setDraft] = useState<Draft>(() =>
    draftOf(resolveInitialRoute(routes, split, routeId), split),
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
export function useShiftDraft(split: TrafficSplit, routeId?: string) {
  const { routes, option, rows, draft, setDraft } = useChosenRoute(
    split,
    routeId,
  );
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
      if (chosen) setDraft(draftOf(chosen, split));
    },
    setClusters: (names: string[]) =>
      setDraft(old => ({ ...old, clusters: names })),
  };
}
