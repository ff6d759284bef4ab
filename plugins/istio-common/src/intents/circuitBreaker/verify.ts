import { formatCount } from '../../telemetry/format';
import { flaggedRequests } from '../routing/flaggedRequests';
import type { EffectEvidence, TrafficVerdict } from '../types';
import type { CircuitBreakerParams } from './schema';

/**
 * A limit shows where requests are refused by it: callers' proxies then report the flag UO. That a pod was
 * taken out shows in none of Istio's metrics, only in Envoy's own.
 *
 * Source: Envoy's response flag UO (upstream overflow); istio.io standard metrics.
 */
export function verifyCircuitBreaker(
  params: CircuitBreakerParams,
  { observations, earlier }: EffectEvidence,
): TrafficVerdict {
  if (!params.connectionPool) {
    return {
      verdict: 'impossible',
      why: params.ejection
        ? 'Istio’s metrics do not show which pods a proxy has taken out'
        : 'the metrics do not show that a limit is gone',
    };
  }
  const since = flaggedRequests(params, observations, 'UO');
  const before = flaggedRequests(params, earlier, 'UO');
  if (before.flagged > 0) {
    return {
      verdict: 'impossible',
      why: 'requests were refused by a limit before the change too, and the metrics do not tell the new one from the old one',
    };
  }
  return since.flagged > 0
    ? {
        verdict: 'verified',
        text: `Seen in traffic: ${formatCount(since.flagged)} of ${formatCount(
          since.all,
        )} requests were refused by the limit, none was before`,
      }
    : {
        verdict: 'wait',
        why: `none of ${formatCount(
          since.all,
        )} requests since reached the limit, and a limit that nobody reaches leaves no trace`,
      };
}
