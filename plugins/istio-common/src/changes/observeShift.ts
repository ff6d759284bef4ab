import type { EntityMatch } from '../entity/types';
import { observeSplit, sharesConnections } from '../mesh/traffic/observeSplit';
import { resolveRoutes } from '../mesh/traffic/resolveRoutes';
import type { TrafficSplit } from '../mesh/traffic/types';
import type {
  RequestSample,
  TcpSample,
  TrafficObservation,
} from '../telemetry/types';
import type { ClusterShift } from './findShifts';

/** Requests per second, or connections opened, to a shifted route in one cluster. */
export interface ObservedShift {
  shift: ClusterShift;
  seconds: number;
  /** Undefined where the route's requests cannot be told from those of other rules. */
  rate: number | undefined;
  /** Of all rules of the host. */
  callers: { workload?: string; namespace?: string; rate: number }[];
}

/**
 * What proxies routed to the host in the window, per caller; clusters without an answer are left out.
 *
 * Telemetry does not name the rule. A rule without condition counts all requests of its host, which
 * is too many by those that rules above it take; a rule with conditions counts only where it is the
 * host's only one.
 */
export function observeShift(options: {
  shifts: ClusterShift[];
  match: EntityMatch;
  split: TrafficSplit;
  observations: TrafficObservation[];
}): ObservedShift[] {
  const { shifts, observations } = options;
  return shifts.flatMap(shift => {
    const observation = observations.find(
      ({ cluster, error }) => cluster === shift.cluster && error === undefined,
    );
    return observation && observation.window.seconds > 0
      ? [observeCluster({ ...options, shift, observation })]
      : [];
  });
}

function observeCluster(options: {
  shift: ClusterShift;
  match: EntityMatch;
  split: TrafficSplit;
  observation: TrafficObservation;
}): ObservedShift {
  const { shift, match, split, observation } = options;
  const { routeBefore } = shift;
  const { seconds } = observation.window;
  const routes = resolveRoutes(shift.before, match).routes.filter(
    route =>
      route.host === routeBefore.host &&
      route.gateways.join() === routeBefore.gateways.join() &&
      sharesConnections(route) === sharesConnections(routeBefore),
  );
  const count = (samples: Partial<TrafficObservation>) =>
    observeSplit({
      match,
      snapshots: [shift.before],
      observations: [{ ...observation, ...samples }],
      routes,
    }).total / seconds;
  const groups = sharesConnections(routeBefore)
    ? groupByCaller(observation.tcp, match).map(({ samples, ...caller }) => ({
        ...caller,
        rate: count({ tcp: samples }),
      }))
    : groupByCaller(observation.requests, match).map(
        ({ samples, ...caller }) => ({
          ...caller,
          rate: count({ requests: samples }),
        }),
      );
  const callers = groups
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate);
  const total = callers.reduce((sum, { rate }) => sum + rate, 0);
  const known =
    routeBefore.when.length === 0 ||
    split.routes.some(
      ({ id, requests }) =>
        requests !== undefined && id.split('@')[0] === routeBefore.id,
    );
  return { shift, seconds, rate: known ? total : undefined, callers };
}

/** Callers of the component, each with its samples; the reporters of one caller must stay together. */
function groupByCaller<TSample extends RequestSample | TcpSample>(
  samples: TSample[],
  match: EntityMatch,
) {
  const services = new Set(
    match.services.map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const workloads = new Set(
    match.workloads.map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const groups = new Map<
    string,
    { workload?: string; namespace?: string; samples: TSample[] }
  >();
  for (const sample of samples) {
    const { source, destination } = sample;
    const reaches =
      services.has(
        `${sample.destinationServiceNamespace}/${sample.destinationServiceName}`,
      ) || workloads.has(`${destination.namespace}/${destination.workload}`);
    if (reaches) {
      const { workload, namespace } = source;
      const key = `${namespace ?? ''}/${workload ?? ''}`;
      const group = groups.get(key) ?? { workload, namespace, samples: [] };
      group.samples.push(sample);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}
