import { useMemo, useState } from 'react';
import type { ServiceMatch } from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import { presentRateUnit } from '../../changes/presentNumbers';
import { buildShiftIntent } from './buildShiftIntent';
import { resolveFormProblem } from './resolveFormProblem';
import {
  differsFromToday,
  presentDifferences,
  resolveRouteRate,
} from './resolveVersionRows';
import { useShiftDraft, type ShiftSource } from './useShiftDraft';
import { hasMoved, parseWeight, resolveSum } from './weights';

/** Requests per second with the seconds they are the mean of. */
export interface MeasuredRate {
  perSecond: number;
  seconds: number;
}

function measuredOf(
  perSecond: number | undefined,
  seconds: number,
): MeasuredRate | undefined {
  return perSecond === undefined ? undefined : { perSecond, seconds };
}

type ShiftDraft = ReturnType<typeof useShiftDraft>;

/** Whether the form asks for anything else than what is. */
function asksForChange({ option, rows, weights }: ShiftDraft): boolean {
  if (!option) return false;
  // Without a route object even today's shares are a change: they become explicit.
  if (!option.routes[0].object) return true;
  return (
    hasMoved(rows, weights) ||
    differsFromToday(option, key => parseWeight(weights[key]))
  );
}

/** Everything the shift-traffic form shows and what it amounts to. */
export function useShiftForm(
  options: ShiftSource & { services?: ServiceMatch[] },
) {
  const { split, services, silentClusters = [] } = options;
  const draft = useShiftDraft(options);
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const { option, rows, weights, clusters } = draft;
  const route = option?.routes[0];
  const sum = resolveSum(rows, weights);
  const moved = asksForChange(draft);
  const isComplete = sum.kind === 'complete' && moved && clusters.length > 0;
  const compiled = useMemo(
    () =>
      route && isComplete
        ? buildShiftIntent({ route, services, clusters, rows, weights })
        : undefined,
    [route, services, clusters, rows, weights, isComplete],
  );
  // What telemetry says of the rule is for all of its clusters; of some, only a preview knows.
  const inAll = option?.clusters.every(
    name => clusters.includes(name) || silentClusters.includes(name),
  );
  return {
    ...draft,
    silentClusters,
    route,
    sum,
    /** `req/s`, of rules for connections `conn/s`. */
    rateUnit: presentRateUnit(
      route?.protocol === 'tcp' || route?.protocol === 'tls'
        ? 'connections'
        : undefined,
    ),
    moved,
    /** Something was typed that differs from what the form began with. */
    edited: hasMoved(rows, weights),
    differences: option && presentDifferences(option, rows),
    measured: measuredOf(
      option && inAll ? resolveRouteRate(option, split) : undefined,
      split.observed.seconds,
    ),
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
