import { classifyResponse, NO_RESPONSE } from '../../telemetry/failure';
import { RequestSample } from '../../telemetry/types';

/** Requests of one response code of one edge, with what is known about them. */
export interface CodeTally {
  /** "503", "0", "grpc 14", "injected" */
  code: string;
  class: ReturnType<typeof classifyResponse>;
  requests: number;
  byFlag: Map<string, number>;
  /** By version of the server; requests that reached no pod are under the empty text. */
  byVersion: Map<string, number>;
}

/** Code of what fault rules aborted, whatever status they answered with. */
const INJECTED = 'injected';

/** Tallies by their code. */
export type CodeTallies = Map<string, CodeTally>;

/** Counts a series; `version` is that of the server, where one answered. */
export function addSample(
  tallies: CodeTallies,
  sample: RequestSample,
  version: string | undefined,
): void {
  const responseClass = classifyResponse(sample);
  const code = codeOf(sample, responseClass);
  const tally = tallies.get(code) ?? {
    code,
    class: responseClass,
    requests: 0,
    byFlag: new Map<string, number>(),
    byVersion: new Map<string, number>(),
  };
  tallies.set(code, tally);
  tally.requests += sample.requests;
  const flag = sample.responseFlags ?? '-';
  add(tally.byFlag, flag, sample.requests);
  add(tally.byVersion, version ?? '', sample.requests);
}

function codeOf(
  sample: RequestSample,
  responseClass: CodeTally['class'],
): string {
  if (responseClass === 'injected') {
    return INJECTED;
  }
  return responseClass === 'grpcClientError' ||
    responseClass === 'grpcServerError'
    ? `grpc ${sample.grpcStatus}`
    : sample.responseCode;
}

function add(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

/** Requests of all codes, without those that a fault rule aborted: they were sent to nobody. */
export function totalOf(tallies: CodeTallies): number {
  let total = 0;
  for (const { code, requests } of tallies.values()) {
    if (code !== INJECTED) {
      total += requests;
    }
  }
  return total;
}

/** Requests that a fault rule aborted. */
export function injectedOf(tallies: CodeTallies): number {
  return tallies.get(INJECTED)?.requests ?? 0;
}

/**
 * One count of the requests that a client's and a server's proxy both report. Per response code the larger
 * of the two: a request that never reached the server's proxy (503 UF) is known to the client only, a
 * failure hidden by a retry to the server only. What the sides call differently is one request, not two:
 * if the codes add up to more than either side saw, the surplus comes off the server's "no response" (the
 * client gave up and reports a timeout), then off the successes.
 */
export function mergeReporters(
  client: CodeTallies,
  server: CodeTallies,
): CodeTallies {
  if (client.size === 0 || server.size === 0) {
    return client.size === 0 ? server : client;
  }
  const merged: CodeTallies = new Map();
  for (const code of new Set([...client.keys(), ...server.keys()])) {
    const views = [client.get(code), server.get(code)].filter(
      (tally): tally is CodeTally => tally !== undefined,
    );
    const larger = views.reduce((a, b) => (a.requests > b.requests ? a : b));
    merged.set(code, larger);
  }
  let surplus = totalOf(merged) - Math.max(totalOf(client), totalOf(server));
  const removable = [...merged.values()]
    .filter(
      ({ code, class: kind, requests }) =>
        requests > 0 && (code === NO_RESPONSE || kind === 'ok'),
    )
    .sort(
      (a, b) => Number(b.code === NO_RESPONSE) - Number(a.code === NO_RESPONSE),
    );
  for (const tally of removable) {
    if (surplus <= 0) {
      break;
    }
    const taken = Math.min(surplus, tally.requests);
    surplus -= taken;
    merged.set(tally.code, scale(tally, 1 - taken / tally.requests));
  }
  return merged;
}

/** Adds up tallies of different requests (other clusters), as opposed to merging two views of the same. */
export function addTallies(into: CodeTallies, from: CodeTallies): void {
  for (const [code, tally] of from) {
    const known = into.get(code);
    if (!known) {
      into.set(code, scale(tally, 1));
      continue;
    }
    known.requests += tally.requests;
    tally.byFlag.forEach((amount, flag) => add(known.byFlag, flag, amount));
    tally.byVersion.forEach((amount, version) =>
      add(known.byVersion, version, amount),
    );
  }
}

function scale(tally: CodeTally, factor: number): CodeTally {
  const scaled = (counts: Map<string, number>) =>
    new Map([...counts].map(([key, amount]) => [key, amount * factor]));
  return {
    ...tally,
    requests: tally.requests * factor,
    byFlag: scaled(tally.byFlag),
    byVersion: scaled(tally.byVersion),
  };
}
