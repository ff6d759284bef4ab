import { flaggedRequests } from '../routing/flaggedRequests';
import type { EffectEvidence, TrafficVerdict } from '../types';
import type { TimeoutsAndRetriesParams } from './schema';
import { formatCount } from '../../telemetry/format';

/**
 * A timeout shows where requests run into it: callers' proxies then report the flag UT. Retries are
 * shown by URX only where all of them failed; proxies count no retries in Istio's metrics.
 *
 * Source: Envoy's response flags UT (upstream request timeout), URX (retry limit exceeded).
 */
export function verifyTimeoutsAndRetries(
  params: TimeoutsAndRetriesParams,
  evidence: EffectEvidence,
): TrafficVerdict {
  const { timeout, retries } = params;
  if (timeout === undefined && retries.mode !== 'on') {
    return {
      verdict: 'impossible',
      why: 'the metrics do not show that nothing is cut off or tried again any more',
    };
  }
  const wanted = [
    ...(timeout === undefined
      ? []
      : [{ flag: 'UT', what: 'ran into the timeout' }]),
    ...(retries.mode === 'on'
      ? [{ flag: 'URX', what: 'failed after all their tries' }]
      : []),
  ];
  const seen = wanted.map(({ flag, what }) => ({
    what,
    since: flaggedRequests(params, evidence.observations, flag),
    before: flaggedRequests(params, evidence.earlier, flag),
  }));
  const proof = seen.find(
    ({ since, before }) => since.flagged > 0 && before.flagged === 0,
  );
  if (proof) {
    return {
      verdict: 'verified',
      text: `Seen in traffic: ${formatCount(
        proof.since.flagged,
      )} of ${formatCount(proof.since.all)} requests ${
        proof.what
      }, none did before`,
    };
  }
  const [{ since, before, what }] = seen;
  if (before.flagged > 0) {
    return {
      verdict: 'impossible',
      why: `requests ${what} before the change too, so the metrics do not tell the new limit from the old one`,
    };
  }
  return {
    verdict: 'wait',
    why: `none of ${formatCount(since.all)} requests since ${seen
      .map(each => each.what)
      .join(' or ')}, and a limit that nobody reaches leaves no trace`,
  };
}
