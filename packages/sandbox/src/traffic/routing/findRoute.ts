import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { WorldView } from '../world/WorldView';
import type {
  BackendRef,
  Destination,
  HttpRoute,
  HttpRouteSpec,
  TcpRoute,
  VirtualServiceSpec,
} from './istioTypes';
import type { CallLimits } from './types';
import {
  httpMatchHolds,
  labelsContain,
  routeMatchHolds,
  routeMatchRank,
  type RoutedRequest,
} from './matchRequest';

/** Where a proxy sends one kind of request; shares sum to 1 unless a backend is invalid. */
export interface RouteDecision {
  destinations: { destination: Destination; share: number }[];
  mirrors: { destination: Destination; share: number }[];
  abort?: { share: number; code: string; grpcStatus?: string };
  delay?: { share: number; ms: number };
  limits?: CallLimits;
  /** The proxy answers itself. */
  local?: { code: string; flags: string };
}

/** Istio's own conditions. Its own two retries are not counted: failures of a scenario are what is left after them. */
const CONNECTION_FAILURES = 'connect-failure,refused-stream,unavailable';

/** Fully qualified host of a name in a rule: only a name without a dot is completed. */
export function qualify(
  host: string,
  namespace: string,
  domain: string,
): string {
  return host.includes('.') || host === '*'
    ? host
    : `${host}.${namespace}.svc.${domain}`;
}

/** Specificity of a host pattern for a host; undefined when it does not match. */
export function hostRank(pattern: string, host: string): number | undefined {
  if (pattern === host) return 10_000;
  if (!pattern.startsWith('*')) return undefined;
  const suffix = pattern.slice(1);
  return host.endsWith(suffix) && host.length > suffix.length
    ? suffix.length
    : undefined;
}

const created = (object: KubeObject) =>
  `${object.metadata.creationTimestamp ?? ''}/${object.metadata.namespace}/${
    object.metadata.name
  }`;

/** Rank of an object's visibility for a client; undefined: not visible. Lower wins. */
export function visibility(
  exportTo: string[] | undefined,
  owner: string | undefined,
  client: string,
): number | undefined {
  const to = exportTo?.length ? exportTo : ['*'];
  if (owner === client && (to.includes('.') || to.includes(owner))) return 0;
  if (to.includes(client)) return 1;
  return to.includes('*') ? 2 : undefined;
}

/** The VirtualService a proxy uses for a host, when there is one. */
export function findVirtualService(
  world: WorldView,
  request: RoutedRequest,
  domain: string,
): KubeObject | undefined {
  const short = request.host.replace(new RegExp(`\\.${domain}$`), '');
  const candidates = [
    ...new Set([
      ...world.virtualServicesFor(request.host),
      ...world.virtualServicesFor(short),
    ]),
  ].flatMap(object => {
    const spec = object.spec as VirtualServiceSpec;
    const gateways = spec.gateways?.length ? spec.gateways : ['mesh'];
    const owner = object.metadata.namespace ?? '';
    const named = gateways.map(name =>
      name === 'mesh' || name.includes('/') ? name : `${owner}/${name}`,
    );
    const seen = visibility(spec.exportTo, owner, request.clientNamespace);
    const ranks = (spec.hosts ?? [])
      .map(host => hostRank(qualify(host, owner, domain), request.host))
      .filter((rank): rank is number => rank !== undefined);
    return seen !== undefined &&
      ranks.length > 0 &&
      named.includes(request.gateway)
      ? [{ object, seen, rank: Math.max(...ranks) }]
      : [];
  });
  candidates.sort(
    (a, b) =>
      b.rank - a.rank ||
      a.seen - b.seen ||
      (created(a.object) < created(b.object) ? -1 : 1),
  );
  return candidates[0]?.object;
}

/** Decision of a VirtualService for one request; undefined: no rule matches (404 NR). */
export function decideHttp(
  spec: VirtualServiceSpec,
  request: RoutedRequest,
): RouteDecision | undefined {
  const rule = (spec.http ?? []).find(
    candidate =>
      !candidate.match?.length ||
      candidate.match.some(match => httpMatchHolds(match, request)),
  );
  return rule && decisionOf(rule);
}

export function decideTcp(
  spec: VirtualServiceSpec,
  request: RoutedRequest,
): RouteDecision | undefined {
  const matchesRule = (rule: TcpRoute) =>
    !rule.match?.length ||
    rule.match.some(
      match =>
        (match.port === undefined || match.port === request.port) &&
        labelsContain(request.clientLabels, match.sourceLabels),
    );
  const rule = (spec.tcp ?? []).find(matchesRule);
  return rule && { destinations: weigh(rule.route ?? []), mirrors: [] };
}

const share = (percent: number | undefined) =>
  Math.min(100, Math.max(0, percent ?? 100)) / 100;

function decisionOf(rule: HttpRoute): RouteDecision {
  const none = { destinations: [], mirrors: [] };
  const { abort, delay } = rule.fault ?? {};
  const decision: RouteDecision = { ...none };
  if (rule.redirect) {
    decision.local = {
      code: String(rule.redirect.redirectCode ?? 301),
      flags: '-',
    };
  } else if (rule.directResponse) {
    decision.local = { code: String(rule.directResponse.status), flags: '-' };
  } else {
    decision.destinations = weigh(rule.route ?? []);
    decision.mirrors = mirrorsOf(rule);
    decision.limits = limitsOf({
      timeout: rule.timeout,
      attempts: rule.retries?.attempts,
      on: (rule.retries?.retryOn ?? CONNECTION_FAILURES)
        .split(',')
        .map(part => part.trim()),
    });
  }
  if (abort) {
    decision.abort = {
      share: share(abort.percentage?.value),
      code: abort.httpStatus ? String(abort.httpStatus) : '200',
      grpcStatus: abort.grpcStatus,
    };
  }
  if (delay) {
    decision.delay = {
      share: share(delay.percentage?.value),
      ms: durationMs(delay.fixedDelay),
    };
  }
  return decision;
}

function limitsOf(options: {
  timeout: string | undefined;
  attempts: number | undefined;
  on: string[];
}): CallLimits | undefined {
  const timeoutMs = durationMs(options.timeout);
  const { attempts = 0, on } = options;
  return timeoutMs > 0 || attempts > 0
    ? {
        ...(timeoutMs > 0 && { timeoutMs }),
        ...(attempts > 0 && { retries: { attempts, on } }),
      }
    : undefined;
}

function mirrorsOf(rule: HttpRoute): RouteDecision['mirrors'] {
  const listed = (rule.mirrors ?? []).map(mirror => ({
    destination: mirror.destination,
    share: share(mirror.percentage?.value),
  }));
  return rule.mirror
    ? [
        ...listed,
        {
          destination: rule.mirror,
          share: share(rule.mirrorPercentage?.value),
        },
      ]
    : listed;
}

/** One destination takes all; of several those without weight get nothing. */
function weigh(
  routes: { destination: Destination; weight?: number }[],
): RouteDecision['destinations'] {
  if (routes.length === 1) {
    return [{ destination: routes[0].destination, share: 1 }];
  }
  const total = routes.reduce((sum, route) => sum + (route.weight ?? 0), 0);
  return routes
    .filter(route => (route.weight ?? 0) > 0)
    .map(route => ({
      destination: route.destination,
      share: (route.weight ?? 0) / total,
    }));
}

export function durationMs(text: string | undefined): number {
  const units: Record<string, number> = {
    ms: 1,
    s: 1000,
    m: 60_000,
    h: 3_600_000,
  };
  let total = 0;
  for (const [, amount, unit] of (text ?? '').matchAll(
    /(\d+(?:\.\d+)?)(ms|s|m|h)/g,
  )) {
    total += Number(amount) * units[unit];
  }
  return total;
}

/** HTTPRoutes attached to a Service for this client: those of its own namespace first. */
export function findServiceRoutes(
  world: WorldView,
  service: { name: string; namespace: string },
  request: RoutedRequest,
): { consumer: KubeObject[]; producer: KubeObject[] } {
  const attached = world
    .list('HTTPRoute')
    .filter(object =>
      ((object.spec as HttpRouteSpec).parentRefs ?? []).some(
        ref =>
          ref.kind === 'Service' &&
          ref.name === service.name &&
          (ref.namespace ?? object.metadata.namespace) === service.namespace &&
          (ref.port === undefined || ref.port === request.port),
      ),
    );
  attached.sort((a, b) => (created(a) < created(b) ? -1 : 1));
  const inNamespace = (namespace: string) =>
    attached.filter(object => object.metadata.namespace === namespace);
  return {
    consumer:
      request.clientNamespace === service.namespace
        ? []
        : inNamespace(request.clientNamespace),
    producer: inNamespace(service.namespace),
  };
}

/** Decision of the HTTPRoutes of a Service; undefined: no rule matches (404 NR). */
export function decideServiceRoutes(
  routes: KubeObject[],
  request: RoutedRequest,
  domain: string,
): RouteDecision | undefined {
  const matched = routes.flatMap((object, order) =>
    ((object.spec as HttpRouteSpec).rules ?? []).flatMap((rule, index) =>
      (rule.matches?.length ? rule.matches : [{}])
        .filter(match => routeMatchHolds(match, request))
        .map(match => ({
          rule,
          namespace: object.metadata.namespace ?? '',
          rank: [...routeMatchRank(match), -order, -index],
        })),
    ),
  );
  matched.sort((a, b) => {
    const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
    return at < 0 ? 0 : b.rank[at] - a.rank[at];
  });
  const [best] = matched;
  if (!best) return undefined;
  return backendDecision(best.rule, best.namespace, domain);
}

function backendDecision(
  rule: NonNullable<HttpRouteSpec['rules']>[number],
  namespace: string,
  domain: string,
): RouteDecision {
  const toDestination = (ref: BackendRef): Destination => ({
    host: `${ref.name}.${ref.namespace ?? namespace}.svc.${domain}`,
    port: ref.port === undefined ? undefined : { number: ref.port },
  });
  const redirect = rule.filters?.find(f => f.type === 'RequestRedirect');
  if (redirect) {
    const code = redirect.requestRedirect?.statusCode ?? 302;
    return {
      destinations: [],
      mirrors: [],
      local: { code: String(code), flags: '-' },
    };
  }
  const refs = rule.backendRefs ?? [];
  const total = refs.reduce((sum, ref) => sum + (ref.weight ?? 1), 0);
  if (total === 0) {
    return {
      destinations: [],
      mirrors: [],
      local: { code: '500', flags: '-' },
    };
  }
  return {
    limits: limitsOf({
      timeout: rule.timeouts?.request,
      attempts: rule.retry && (rule.retry.attempts ?? 2),
      on: [
        ...CONNECTION_FAILURES.split(','),
        ...(rule.retry?.codes ?? []).map(String),
      ],
    }),
    destinations: refs
      .filter(ref => (ref.weight ?? 1) > 0)
      .map(ref => ({
        destination: toDestination(ref),
        share: (ref.weight ?? 1) / total,
      })),
    mirrors: (rule.filters ?? []).flatMap(({ requestMirror }) =>
      requestMirror
        ? [
            {
              destination: toDestination(requestMirror.backendRef),
              share: share(requestMirror.percent),
            },
          ]
        : [],
    ),
  };
}
