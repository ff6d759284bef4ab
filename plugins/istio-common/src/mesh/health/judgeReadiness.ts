import { EntityMatch } from '../../entity/types';
import { formatList, formatQuantity } from '../../telemetry/format';
import { HealthResult } from './types';

type Readiness = HealthResult['readiness'];

/** What the pods say about health. */
export interface ReadinessVerdict {
  status: 'notReady' | 'degraded' | 'healthy' | 'unknown';
  /** Without the status word; empty when healthy. */
  text: string;
}

/** Ready and wanted pods of each workload. */
export function listReadiness(match: EntityMatch): Readiness {
  return match.workloads.map(({ cluster, name, podsReady, podsDesired }) => ({
    cluster,
    workload: name,
    ready: podsReady,
    desired: podsDesired,
  }));
}

/**
 * None wanted or none ready: not ready. Some missing: degraded. A version scaled to nothing beside others
 * that run is a decision, not a fault.
 */
export function judgeReadiness(readiness: Readiness): ReadinessVerdict {
  if (readiness.length === 0) {
    return { status: 'unknown', text: '' };
  }
  const desired = sum(readiness, 'desired');
  const ready = sum(readiness, 'ready');
  const names = [...new Set(readiness.map(({ workload }) => workload))];
  if (desired === 0) {
    return {
      status: 'notReady',
      text: `${formatList(names)} ${
        names.length === 1 ? 'is' : 'are'
      } scaled to no pods.`,
    };
  }
  if (ready === 0) {
    return {
      status: 'notReady',
      text: `none of ${formatQuantity(desired, 'pod')} of ${formatList(
        names,
      )} is ready.`,
    };
  }
  const short = readiness.filter(entry => entry.ready < entry.desired);
  return short.length === 0
    ? { status: 'healthy', text: '' }
    : {
        status: 'degraded',
        text: `${formatList(
          short.map(
            entry =>
              `${entry.ready} of ${formatQuantity(entry.desired, 'pod')} of ${
                entry.workload
              } in ${entry.cluster}`,
          ),
        )} ${short.length === 1 && short[0].ready === 1 ? 'is' : 'are'} ready.`,
      };
}

function sum(readiness: Readiness, field: 'ready' | 'desired'): number {
  return readiness.reduce((total, entry) => total + entry[field], 0);
}
