import type { RouteAnswer as OracleAnswer } from '@istio-backstage/lab';
import {
  RouteAnswer,
  ResolvedTarget,
} from '@istio-backstage/plugin-istio-common';

/** What the oracle says of a route; only a part of it is compared. */
export type OracleRoute = OracleAnswer;

/** Both answers in the same words. */
export interface Compared {
  outcome: string;
  rule?: string;
  targets?: string[];
  timeoutMs?: number;
  retries?: unknown;
  fault?: unknown;
  mirrors?: string[];
  rewrite?: unknown;
  redirect?: unknown;
  status?: number;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  noVirtualHost: 'noRoute',
  tlsRedirect: 'redirect',
  protocolError: 'refused',
};

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

/** Go's and protobuf's way of writing a duration, in milliseconds. */
export function milliseconds(text: string | undefined): number {
  return [...(text ?? '').matchAll(/([\d.]+)(ms|h|m|s)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * UNITS[unit],
    0,
  );
}

function percent(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Leaves out what is undefined or empty, so that absence is written in one way. */
function tidy<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) =>
        item !== undefined &&
        item !== 0 &&
        !(Array.isArray(item) && item.length === 0),
    ),
  ) as T;
}

function target(options: {
  host: string;
  subset?: string;
  port: number;
  percent: number;
  exists: boolean;
  empty: boolean;
}): string {
  const { host, subset = '', port, exists, empty } = options;
  const served = empty ? 'empty' : 'served';
  const state = exists ? served : 'missing';
  // The port of a backend that does not exist is nowhere in Istio's configuration.
  const name = host === '' ? 'invalid' : `${host}|${subset}|${port}`;
  return `${name} ${percent(options.percent)} % ${state}`;
}

/** The match's name is not compared where a delegate's and its root's are put together. */
function ruleName(route: string | undefined): string | undefined {
  return route?.replace(/\.(m\d+)(-m\d+)?$/, '') || undefined;
}

/** The oracle's answer. */
export function fromOracle(answer: OracleRoute): Compared {
  const { clusters = [], retries, fault, mirrors = [], rewrite } = answer;
  const sum = clusters.reduce((total, { weight }) => total + weight, 0);
  const routed = answer.outcome === 'routed';
  return tidy<Compared>({
    outcome: OUTCOMES[answer.outcome] ?? answer.outcome,
    rule:
      answer.route === 'default' ||
      !['routed', 'redirect', 'directResponse'].includes(answer.outcome)
        ? undefined
        : ruleName(answer.route),
    targets: clusters.map(cluster =>
      target({
        host: cluster.cluster === 'UnknownService' ? '' : cluster.host ?? '',
        subset: cluster.subset,
        port: cluster.port ?? 0,
        percent: clusters.length === 1 ? 100 : (100 * cluster.weight) / sum,
        exists: cluster.exists,
        empty: cluster.discovery === 'EDS' && cluster.endpoints.length === 0,
      }),
    ),
    timeoutMs: routed ? milliseconds(answer.timeout) : undefined,
    retries:
      retries &&
      tidy({
        attempts: retries.attempts,
        on: retries.on,
        perTryMs: milliseconds(retries.perTryTimeout),
        codes: retries.statusCodes,
      }),
    fault:
      fault &&
      tidy({
        delayMs: milliseconds(fault.delay),
        delayPercent: percent(fault.delayPercent ?? 0),
        status: fault.abortStatus,
        abortPercent: percent(fault.abortPercent ?? 0),
      }),
    mirrors: mirrors.map(
      mirror => `${mirror.cluster} ${percent(mirror.percent)}`,
    ),
    rewrite: rewrite && tidy(rewrite),
    redirect: redirectOf(answer),
    status:
      answer.outcome === 'directResponse'
        ? answer.directResponse?.status
        : undefined,
  });
}

const CODES: Readonly<Record<string, number>> = {
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

function redirectOf(answer: OracleRoute): unknown {
  if (answer.outcome === 'tlsRedirect') {
    return { code: 301, scheme: 'https' };
  }
  const { redirect } = answer;
  return (
    redirect &&
    tidy({
      code: CODES[String(redirect.responseCode)] ?? 301,
      scheme: redirect.schemeRedirect,
      authority: redirect.hostRedirect,
      port: redirect.portRedirect,
      uri: redirect.pathRedirect || undefined,
      prefix: redirect.prefixRewrite,
    })
  );
}

const MISSING: readonly string[] = [
  'unknownHost',
  'unknownPort',
  'unknownSubset',
  'invalidBackend',
];

function isMissing({ problem }: ResolvedTarget): boolean {
  return problem !== undefined && MISSING.includes(problem.code);
}

/** The core's answer. */
export function fromCore(answer: RouteAnswer): Compared {
  const { retries, fault, rewrite, redirect } = answer;
  const mirrors = answer.mirrors ?? (answer.mirror ? [answer.mirror] : []);
  const gatewayApi = answer.rule?.path.startsWith('spec.rules') ?? false;
  return tidy<Compared>({
    outcome: answer.outcome,
    rule: ['routed', 'redirect', 'directResponse'].includes(answer.outcome)
      ? answer.rule?.name
      : undefined,
    targets: answer.destinations.map(destination =>
      target({
        ...destination,
        exists: !isMissing(destination),
        empty: destination.problem?.code === 'noEndpoints',
      }),
    ),
    timeoutMs: milliseconds(answer.timeout),
    retries:
      retries &&
      tidy({
        attempts: retries.attempts,
        on: retries.retryOn,
        perTryMs: milliseconds(retries.perTryTimeout),
        codes: retries.statusCodes,
      }),
    fault:
      fault &&
      tidy({
        delayMs: milliseconds(fault.delay?.fixedDelay),
        delayPercent: percent(fault.delay?.percent ?? 0),
        status: fault.abort?.httpStatus,
        abortPercent: percent(fault.abort?.percent ?? 0),
      }),
    mirrors: mirrors.map(
      mirror =>
        `outbound|${mirror.port}|${mirror.subset ?? ''}|${
          mirror.host
        } ${percent(mirror.percent)}`,
    ),
    rewrite:
      rewrite &&
      tidy({
        prefix: gatewayApi && rewrite.uri === '/' ? undefined : rewrite.uri,
        regex:
          gatewayApi && rewrite.uri === '/'
            ? '/\\2'
            : rewrite.uriRegex?.rewrite,
        authority: rewrite.authority,
      }),
    redirect: redirect && tidy({ ...redirect }),
    status: answer.directResponse?.status,
  });
}
