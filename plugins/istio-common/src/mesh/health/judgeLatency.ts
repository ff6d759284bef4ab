import { EntityMatch } from '../../entity/types';
import { TrafficObservation } from '../../telemetry/types';
import { WorkloadSet } from '../workloadSet';
import { Cause } from './judgeComponentTraffic';
import { describeLatency, sentence } from './sentences';
import { isAtLeast } from './thresholds';
import { HealthThresholds } from './types';

/** Latency of a component, milliseconds, and its slowest workload. */
export interface Latency {
  workload?: string;
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
}

/** The highest of its workloads: quantiles of several histograms cannot be added up afterwards. */
export function worstLatency(
  match: EntityMatch,
  observations: readonly TrafficObservation[],
): Latency {
  const own = new WorkloadSet(match);
  const worst: Latency = {};
  for (const { latency } of observations) {
    for (const sample of latency.filter(item => own.hasWorkload(item))) {
      if ((sample.p99 ?? 0) > (worst.p99Ms ?? 0)) {
        worst.workload = sample.workload;
      }
      for (const quantile of ['p50', 'p95', 'p99'] as const) {
        const value = sample[quantile];
        if (value !== undefined) {
          const field = `${quantile}Ms` as const;
          worst[field] = Math.max(worst[field] ?? 0, value);
        }
      }
    }
  }
  return worst;
}

/** Holds p99 against the objective; undefined where there is none, too little traffic, or it is met. */
export function judgeLatency(options: {
  latency: Latency;
  thresholds: HealthThresholds;
  seconds: number;
  requests: number;
}): Cause | undefined {
  const { latency, thresholds, seconds, requests } = options;
  const limits = thresholds.latencyP99Ms;
  const { p99Ms, workload } = latency;
  if (
    !limits ||
    p99Ms === undefined ||
    workload === undefined ||
    Math.round(requests) < thresholds.minimumRequests ||
    !isAtLeast(p99Ms, limits.degraded)
  ) {
    return undefined;
  }
  const status = isAtLeast(p99Ms, limits.failing) ? 'failing' : 'degraded';
  const text = describeLatency({
    workload,
    p99: p99Ms,
    limit: limits[status],
    seconds,
  });
  return { status, cause: sentence(status, text) };
}
