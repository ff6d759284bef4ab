import type { MeshSnapshot } from '../../snapshot/types';
import { formatDuration, formatList } from '../../telemetry/format';
import type { TrafficObservation } from '../../telemetry/types';
import type { Finding, Plan } from '../types';
import { findStricterWorkloads } from './findStricterWorkloads';

/** Nobody can say whom STRICT would refuse: not enough was seen. */
export const STRICT_UNPROVEN = 'strict-unproven';

/** A shorter window proves nothing about callers that come rarely. */
const ENOUGH_SECONDS = 3600;

/** Workloads that would be strict and that nobody called in the time that was looked at, or too short a time. */
export function findUnseen(options: {
  plan: Plan;
  snapshots: readonly MeshSnapshot[];
  /** Of clusters that answered. */
  observations: readonly TrafficObservation[];
}): Finding[] {
  const { observations } = options;
  const stricter = findStricterWorkloads(options);
  if (stricter.length === 0) {
    return [];
  }
  const seconds = Math.min(
    ...stricter.map(
      ({ cluster }) =>
        observations.find(one => one.cluster === cluster)?.window.seconds ?? 0,
    ),
  );
  const called = new Set(
    observations.flatMap(({ cluster, requests, tcp }) =>
      [
        ...requests.filter(({ requests: count }) => count > 0),
        ...tcp.filter(
          ({ connectionsOpened, sentBytes, receivedBytes }) =>
            connectionsOpened + sentBytes + receivedBytes > 0,
        ),
      ].map(
        ({ destination: { namespace, workload } }) =>
          `${cluster}/${namespace}/${workload}`,
      ),
    ),
  );
  const unseen = [
    ...new Set(
      stricter
        .filter(
          ({ cluster, namespace, name }) =>
            !called.has(`${cluster}/${namespace}/${name}`),
        )
        .map(({ name }) => name),
    ),
  ];
  const text = describe({ unseen, seconds });
  return text === undefined
    ? []
    : [{ code: STRICT_UNPROVEN, severity: 'warning', text }];
}

function describe(options: {
  unseen: readonly string[];
  seconds: number;
}): string | undefined {
  const { unseen, seconds } = options;
  if (seconds === 0) {
    return 'No traffic was measured, so nobody can tell whom STRICT would refuse';
  }
  if (seconds < ENOUGH_SECONDS) {
    return `Only ${formatDuration(
      seconds,
    )} of traffic were looked at: who calls rarely has not been seen, and STRICT would refuse it if it sends plaintext`;
  }
  return unseen.length === 0
    ? undefined
    : `Nobody called ${listed(unseen)} in ${formatDuration(
        seconds,
      )}: who calls rarely has not been seen, and STRICT would refuse it if it sends plaintext`;
}

function listed(names: readonly string[]): string {
  return names.length > 4
    ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`
    : formatList(names);
}
