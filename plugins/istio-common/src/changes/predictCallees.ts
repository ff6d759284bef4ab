import type { Sentence } from '../mesh/health/types';
import { serviceOfHost } from '../resources/host';
import type {
  RequestSample,
  TelemetryPeer,
  TrafficObservation,
} from '../telemetry/types';
import { formatList, formatRate } from '../telemetry/format';
import type { ObservedShift } from './observeShift';
import { versionsOf } from './findShifts';

/** Requests a version must have served before its own calls say anything. */
const ENOUGH_REQUESTS = 50;
/** Requests per second, and share, by which a callee's rate must change to be worth a line. */
const NOTABLE_RATE = 0.1;
const NOTABLE_SHARE = 0.1;

interface VersionCalls {
  label: string;
  /** Requests per second after minus before. */
  delta: number;
  served: number;
  /** Requests to each callee in the window. */
  calls: Map<string, number>;
}

interface Callee {
  name: string;
  namespace?: string;
  workloads: Set<string>;
  requests: number;
}

/**
 * Who further down gets more or less, from what each version called per request it served:
 * "ratings gets 7.2 req/s instead of 4.8, because v2 calls it and v1 does not." Undefined where
 * nothing notable changes, or a version that changes has served too few requests to tell.
 */
export function predictCallees(
  observed: ObservedShift[],
  observations: TrafficObservation[],
): Sentence | undefined {
  const versions = new Map<string, VersionCalls>();
  const callees = new Map<string, Callee>();
  let seconds = 0;
  for (const { shift, rate, seconds: window } of observed) {
    const samples = observations
      .filter(({ cluster, error }) => cluster === shift.cluster && !error)
      .flatMap(({ requests }) => requests)
      .filter(({ reporter }) => reporter === 'source');
    const namespace = serviceOfHost(
      shift.routeAfter.host,
      shift.before.domain,
    )?.namespace;
    seconds = Math.max(seconds, window);
    if (rate === undefined) {
      return undefined;
    }
    for (const version of versionsOf(shift)) {
      const entry = versions.get(version.key) ?? {
        label: version.label,
        delta: 0,
        served: 0,
        calls: new Map<string, number>(),
      };
      entry.delta += rate * (version.after - version.before);
      versions.set(version.key, entry);
      const workloads = [
        ...shift.routeBefore.destinations,
        ...shift.routeAfter.destinations,
      ].find(({ key }) => key === version.key)?.workloads;
      addCalls({
        entry,
        samples,
        isVersion: ({ namespace: ns, workload = '' }) =>
          ns === namespace && (workloads ?? []).includes(workload),
        callees,
      });
    }
  }
  return describe([...versions.values()], callees, seconds);
}

function addCalls(options: {
  entry: VersionCalls;
  samples: RequestSample[];
  isVersion(peer: TelemetryPeer): boolean;
  callees: Map<string, Callee>;
}): void {
  const { entry, samples, isVersion, callees } = options;
  for (const sample of samples) {
    const { source, destination, requests } = sample;
    if (isVersion(destination)) {
      entry.served += requests;
    }
    const name = sample.destinationServiceName;
    if (name !== undefined && isVersion(source)) {
      const namespace = sample.destinationServiceNamespace;
      const key = `${namespace ?? ''}/${name}`;
      const callee = callees.get(key) ?? {
        name,
        namespace,
        workloads: new Set<string>(),
        requests: 0,
      };
      callee.requests += requests;
      if (destination.workload !== undefined) {
        callee.workloads.add(destination.workload);
      }
      callees.set(key, callee);
      entry.calls.set(key, (entry.calls.get(key) ?? 0) + requests);
    }
  }
}

function describe(
  versions: VersionCalls[],
  callees: Map<string, Callee>,
  seconds: number,
): Sentence | undefined {
  const changing = versions.filter(({ delta }) => Math.abs(delta) > 1e-9);
  if (
    seconds === 0 ||
    changing.length === 0 ||
    changing.some(({ served }) => served < ENOUGH_REQUESTS)
  ) {
    return undefined;
  }
  const ratio = (version: VersionCalls, key: string) =>
    (version.calls.get(key) ?? 0) / version.served;
  const changes = [...callees].map(([key, callee]) => {
    const now = callee.requests / seconds;
    const change = changing.reduce(
      (sum, version) => sum + version.delta * ratio(version, key),
      0,
    );
    return { key, callee, now, change };
  });
  const [largest] = changes
    .filter(
      ({ now, change }) =>
        Math.abs(change) >= NOTABLE_RATE &&
        Math.abs(change) >= NOTABLE_SHARE * now,
    )
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  if (!largest) {
    return undefined;
  }
  const { key, callee, now, change } = largest;
  const [workload] = callee.workloads;
  return [
    {
      text: callee.name,
      ...(callee.workloads.size === 1 &&
        callee.namespace !== undefined && {
          workload: { namespace: callee.namespace, name: workload },
        }),
    },
    {
      text: ` gets ${formatRate(
        Math.max(0, now + change),
      )} req/s from here instead of ${formatRate(now)}, because ${explain(
        changing.map(version => ({
          label: version.label,
          ratio: ratio(version, key),
        })),
      )}.`,
    },
  ];
}

function explain(versions: { label: string; ratio: number }[]): string {
  const calling = versions.filter(each => each.ratio >= 0.01);
  const silent = versions.filter(each => each.ratio < 0.01);
  if (silent.length > 0 && calling.length > 0) {
    return `${formatList(calling.map(({ label }) => label))} ${
      calling.length === 1 ? 'calls' : 'call'
    } it and ${formatList(silent.map(({ label }) => label))} ${
      silent.length === 1 ? 'does' : 'do'
    } not`;
  }
  const [most] = [...calling].sort((a, b) => b.ratio - a.ratio);
  return `${most.label} calls it most often per request`;
}
