import { useMemo, useState } from 'react';
import type {
  ServiceMatch,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../changes/dialog/JustificationFields';
import { buildShiftIntent } from './buildShiftIntent';
import { resolveFormProblem } from './resolveFormProblem';
import { resolveRouteRate } from './resolveVersionRows';
import { useShiftDraft } from './useShiftDraft';
import { hasMoved, resolveSum } from './weights';

/** Everything the shift-traffic form shows and what it amounts to. */
export function useShiftForm(options: {
  split: TrafficSplit;
  services?: ServiceMatch[];
  routeId?: string;
}) {
  const { split, services, routeId } = options;
  const draft = useShiftDraft(split, routeId);
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const { rows, weights, clusters } = draft;
  const route = draft.option?.route;
  const sum = resolveSum(rows, weights);
  // Without a route object even today's shares are a change: they become explicit.
  const moved =
    hasMoved(rows, weights) || (route !== undefined && !route.object);
  const isComplete = sum.kind === 'complete' && moved && clusters.length > 0;
  const compiled = useMemo(
    () =>
      route && isComplete
        ? buildShiftIntent({ route, services, clusters, rows, weights })
        : undefined,
    [route, services, clusters, rows, weights, isComplete],
  );
  return {
    ...draft,
    route,
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
