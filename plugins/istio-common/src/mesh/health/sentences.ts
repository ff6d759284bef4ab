import { entryOf } from '../../resources/fields';
import {
  formatCount,
  formatDuration,
  formatList,
  formatMilliseconds,
  formatQuantity,
  formatShare,
  formatWrittenShare,
} from '../../telemetry/format';
import { NO_RESPONSE } from '../../telemetry/failure';
import { Edge } from './collectEdges';
import { CodeTally } from './mergeReporters';
import { TrafficVerdict } from './judgeTraffic';
import { HealthStatus, Sentence } from './types';

const STATUS_WORDS: Readonly<Record<HealthStatus, string>> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  failing: 'Failing',
  notReady: 'Not ready',
  noTraffic: 'No requests',
  unknown: 'Unknown',
};

/** "Degraded: " and then the parts; adjoining parts without a link become one. */
export function sentence(
  status: HealthStatus | undefined,
  ...parts: (string | Sentence[number])[]
): Sentence {
  const all = parts.map(part =>
    typeof part === 'string' ? { text: part } : part,
  );
  const joined: Sentence = [];
  for (const part of all) {
    const last = joined[joined.length - 1];
    if (last && !last.workload && !part.workload) {
      last.text += part.text;
    } else if (part.text !== '') {
      joined.push({ ...part });
    }
  }
  return status ? [{ text: `${STATUS_WORDS[status]}: ` }, ...joined] : joined;
}

/** "checkout", with the workload it stands for. */
export function namePeer(edge: Edge): Sentence[number] {
  const { name, namespace, workloads } = edge.peer;
  if (name === undefined) {
    return { text: describeUnknown(edge) };
  }
  return workloads.length > 0 && namespace !== undefined
    ? { text: name, workload: { namespace, name: workloads[0] } }
    : { text: name };
}

function describeUnknown(edge: Edge): string {
  if (edge.direction === 'outbound') {
    return 'an unknown address';
  }
  return edge.plaintextUnknown ? 'callers outside the mesh' : 'unknown callers';
}

/** "3.2 % of requests from checkout fail with 503 (41 of 1,280 in 5 min). Threshold 1 %." */
export function describeVerdict(
  verdict: TrafficVerdict,
  options: { seconds: number; edge?: Edge },
): (string | Sentence[number])[] {
  const { edge, seconds } = options;
  const unit = verdict.fault === 'connections' ? 'connections' : 'requests';
  const from: (string | Sentence[number])[] = [];
  if (edge?.direction === 'inbound') {
    from.push(`${unit} from `, namePeer(edge));
  } else if (edge) {
    from.push(`its ${unit} to `, namePeer(edge));
  } else {
    from.push(unit);
  }
  return [
    `${formatShare(verdict.share)} of `,
    ...from,
    ` ${describeFault(verdict)} (${formatCount(
      verdict.failed,
    )} of ${formatCount(verdict.total)} in ${formatDuration(seconds)}). `,
    describeLimit(verdict.limit),
  ];
}

/**
 * "0.3 % of 12,390 requests fail (5 min). Threshold 1 %." `ownCalls`: nobody called the component, and the
 * verdict is about the calls it made.
 */
export function describeHealthy(
  verdict: TrafficVerdict,
  options: { seconds: number; ownCalls: boolean },
): string {
  const { ownCalls } = options;
  const connections = verdict.fault === 'connections';
  const unit = connections ? 'connection' : 'request';
  const window = formatDuration(options.seconds);
  const fail = connections ? 'could not be opened' : 'fail';
  const end = `${ownCalls ? ', and nothing called it' : ''}. ${describeLimit(
    verdict.limit,
  )}`;
  return Math.round(verdict.failed) === 0
    ? `no failed ${unit}${
        ownCalls ? ' of its own' : ''
      } in ${window} (0 of ${formatCount(verdict.total)})${end}`
    : `${formatShare(verdict.share)} of ${
        ownCalls ? 'its own ' : ''
      }${formatQuantity(verdict.total, unit)} ${fail} (${window})${end}`;
}

function describeLimit(limit: number): string {
  return limit === 0
    ? 'Threshold: none may fail.'
    : `Threshold ${formatWrittenShare(limit)}.`;
}

function describeFault(verdict: TrafficVerdict): string {
  if (verdict.fault === 'connections') {
    return 'could not be opened';
  }
  const codes = mostFrequent(verdict.tallies);
  const [first] = codes;
  const verb = verdict.fault === 'clientErrors' ? 'are refused' : 'fail';
  if (!first) {
    return verb;
  }
  if (codes.length === 1) {
    return first.code === NO_RESPONSE
      ? 'get no response'
      : `${verb} with ${nameCode(first.code)}`;
  }
  return first.requests >= 0.8 * verdict.failed
    ? `${verb}, mostly with ${nameCode(first.code)}`
    : `${verb} with ${formatList(
        codes.slice(0, 3).map(({ code }) => nameCode(code)),
      )}`;
}

/** Codes that occurred, most frequent first. */
export function mostFrequent(tallies: readonly CodeTally[]): CodeTally[] {
  return tallies
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.requests - a.requests || (a.code < b.code ? -1 : 1));
}

const GRPC_NAMES: Readonly<Record<string, string>> = {
  1: 'CANCELLED',
  2: 'UNKNOWN',
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  11: 'OUT_OF_RANGE',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  15: 'DATA_LOSS',
  16: 'UNAUTHENTICATED',
};

function nameCode(code: string): string {
  if (code === NO_RESPONSE) {
    return 'no response';
  }
  const grpc = /^grpc (\d+)$/.exec(code)?.[1];
  return grpc === undefined
    ? code
    : `gRPC status ${grpc}${GRPC_NAMES[grpc] ? ` ${GRPC_NAMES[grpc]}` : ''}`;
}

/** Envoy's response flags in plain words. Source: Envoy documentation, access log, response flags. */
const FLAG_WORDS: Readonly<Record<string, string>> = {
  UF: 'the connection to the pod could not be opened',
  UH: 'no healthy pod was left',
  UC: 'the pod dropped the connection',
  UT: 'the time limit of the route ran out',
  UO: 'the connection limit was reached',
  URX: 'all retries failed',
  NR: 'no route or no Service fits the request',
  NC: 'the destination does not exist',
  DC: 'the caller hung up',
  DI: 'a fault rule delays requests',
  FI: 'a fault rule aborts requests',
  RL: 'the rate limit was reached',
  LR: 'the connection was reset',
  UR: 'the pod reset the connection',
  UAEX: 'an external check refused it',
};

/** Envoy's flag in words; undefined for flags that say nothing to a person. */
export function explainFlag(flag: string): string | undefined {
  const words = entryOf(FLAG_WORDS, flag.split(',')[0]);
  return words && `${words} (${flag})`;
}

/** "Not counted: 100 requests that a fault rule answered instead (FI)." */
export function describeInjected(requests: number): string {
  return `Not counted: ${formatQuantity(
    requests,
    'request',
  )} that a fault rule answered instead (FI).`;
}

/** "All 41 failures came from v2; v1 had none." */
export function attributeToVersions(
  versions: readonly { version: string; failed: number }[],
): string | undefined {
  const failed = versions.reduce((sum, entry) => sum + entry.failed, 0);
  const [worst] = versions;
  const clean = versions.filter(entry => Math.round(entry.failed) === 0);
  if (versions.length < 2 || Math.round(failed) === 0) {
    return undefined;
  }
  if (clean.length === versions.length - 1) {
    const count =
      Math.round(failed) === 1 ? 'The' : `All ${formatCount(failed)}`;
    return `${count} ${
      Math.round(failed) === 1 ? 'failure' : 'failures'
    } came from ${worst.version}; ${formatList(
      clean.map(({ version }) => version).sort(),
    )} had none.`;
  }
  return worst.failed >= 0.8 * failed
    ? `${formatCount(worst.failed)} of ${formatCount(
        failed,
      )} failures came from ${worst.version}.`
    : undefined;
}

/** "the slowest 1 % of requests to payments-v2 take 2.04 s or more (p99 over 5 min)." */
export function describeLatency(options: {
  workload: string;
  p99: number;
  limit: number;
  seconds: number;
}): string {
  return `the slowest 1 % of requests to ${
    options.workload
  } take ${formatMilliseconds(options.p99)} or more (p99 over ${formatDuration(
    options.seconds,
  )}). Threshold ${formatMilliseconds(options.limit)}.`;
}
