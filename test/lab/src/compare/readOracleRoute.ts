import type { RouteAnswer } from '../oracle';
import { clusterName } from './clusterName';
import type { RouteQuestion, RouteVerdict } from './types';

/** Of Envoy's own messages as JSON, what verdicts need. */
interface RawRoute {
  match: { prefix?: string; path?: string; pathSeparatedPrefix?: string };
  route?: {
    regexRewrite?: { pattern: { regex: string }; substitution: string };
  };
}

interface RawRedirect {
  hostRedirect?: string;
  pathRedirect?: string;
  schemeRedirect?: string;
  portRedirect?: number;
  responseCode?: string;
}

const REDIRECTS: Record<string, number> = {
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

/** What Envoy must answer if it holds the configuration that the oracle describes. */
export function readOracleRoute(
  answer: RouteAnswer,
  question: RouteQuestion,
): RouteVerdict {
  const { fault, outcome } = answer;
  if (fault?.abortStatus && fault.abortPercent === 100) {
    const { to } = readForwarding(answer, question);
    return { status: fault.abortStatus, flags: 'FI', ...(to && { to }) };
  }
  switch (outcome) {
    case 'routed':
    case 'passthrough':
      return readForwarding(answer, question);
    case 'blackhole':
      return { status: answer.directResponse?.status ?? 502 };
    case 'redirect':
      return readRedirect(answer.redirect, question);
    case 'directResponse':
      return { status: answer.directResponse?.status ?? 0 };
    case 'tlsRedirect':
      return { status: 301 };
    case 'noRoute':
    case 'noVirtualHost':
      return { status: 404, flags: 'NR' };
    default:
      return { status: 0 };
  }
}

function readForwarding(
  answer: RouteAnswer,
  question: RouteQuestion,
): RouteVerdict {
  const targets = (answer.clusters ?? []).filter(({ weight }) => weight > 0);
  if (answer.outcome === 'passthrough') {
    return { status: 200, to: { PassthroughCluster: 1 } };
  }
  if (targets.some(({ exists }) => !exists)) {
    return { status: 503, flags: 'NC' };
  }
  const sum = targets.reduce((total, { weight }) => total + weight, 0);
  const to: Record<string, number> = {};
  for (const { cluster, weight } of targets) {
    const name = clusterName(cluster);
    to[name] = (to[name] ?? 0) + weight / sum;
  }
  const hasOwnEndpoints = targets.every(
    ({ discovery }) => discovery !== 'ORIGINAL_DST',
  );
  if (hasOwnEndpoints && targets.every(({ endpoints }) => !endpoints?.length)) {
    return { status: 503, flags: 'UH', to };
  }
  const timeoutMs = millisecondsOf(answer.timeout ?? '0s');
  if (timeoutMs > 0 && timeoutMs < (question.slowMs ?? 0)) {
    return { status: 504, flags: 'UT', to };
  }
  return { status: 200, to, ...readRewrite(answer, question) };
}

const UNITS: Record<string, number> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** `1m0.5s` or `300ms`, as Go writes durations. */
function millisecondsOf(duration: string): number {
  return [...duration.matchAll(/([\d.]+)(ms|h|m|s)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * UNITS[unit],
    0,
  );
}

function readRewrite(
  { rewrite, raw }: RouteAnswer,
  { url }: RouteQuestion,
): Pick<RouteVerdict, 'path' | 'host'> {
  if (!rewrite) return {};
  const { pathname, search } = new URL(url);
  const { match, route } = (raw?.route ?? { match: {} }) as RawRoute;
  const matched = match.prefix ?? match.path ?? match.pathSeparatedPrefix ?? '';
  let path: string | undefined;
  if (rewrite.prefix) path = rewrite.prefix + pathname.slice(matched.length);
  if (rewrite.regex && route?.regexRewrite) {
    const { pattern, substitution } = route.regexRewrite;
    path = pathname.replace(
      new RegExp(pattern.regex),
      substitution.replace(/\\(\d)/g, '$$$1'),
    );
  }
  return {
    ...(path !== undefined && { path: `${path}${search}` }),
    ...(rewrite.authority && { host: rewrite.authority }),
  };
}

function readRedirect(
  redirect: RawRedirect = {},
  question: RouteQuestion,
): RouteVerdict {
  const { host, pathname, search } = new URL(question.url);
  const { hostRedirect, pathRedirect, portRedirect, schemeRedirect } = redirect;
  const authority = hostRedirect ?? host;
  const port = portRedirect ? `:${portRedirect}` : '';
  return {
    status: REDIRECTS[redirect.responseCode ?? ''] ?? 301,
    location: `${schemeRedirect ?? 'http'}://${authority}${port}${
      pathRedirect || `${pathname}${search}`
    }`,
  };
}
