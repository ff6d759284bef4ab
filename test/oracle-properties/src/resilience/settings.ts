import type { RouteAnswer } from '@istio-backstage/lab';
import type {
  ResilienceAnswer,
  ResilienceSetting,
} from '@istio-backstage/plugin-istio-common';
import { milliseconds } from '../route/answers';
import type { ResilienceQuestion } from './worlds';

/** What is read of Envoy's own configuration, as JSON writes it. */
interface Threshold {
  maxConnections?: number;
  maxPendingRequests?: number;
  maxRequests?: number;
  maxRetries?: number;
  retryBudget?: {
    budgetPercent: { value: number };
    minRetryConcurrency: number;
  };
}

interface HttpOptions {
  commonHttpProtocolOptions?: {
    idleTimeout?: string;
    maxRequestsPerConnection?: number;
    maxConnectionDuration?: string;
  };
  explicitHttpConfig?: {
    http2ProtocolOptions?: { maxConcurrentStreams?: number };
  };
}

interface Outlier {
  consecutive5xx?: number;
  consecutiveGatewayFailure?: number;
  enforcingConsecutiveGatewayFailure?: number;
  splitExternalLocalOriginErrors?: boolean;
  consecutiveLocalOriginFailure?: number;
  interval?: string;
  baseEjectionTime?: string;
  maxEjectionPercent?: number;
}

interface Warmed {
  slowStartConfig?: { slowStartWindow?: string };
}

interface Cluster {
  connectTimeout?: string;
  lbPolicy?: string;
  circuitBreakers: { thresholds: [Threshold] };
  outlierDetection?: Outlier;
  commonLbConfig?: { healthyPanicThreshold?: { value?: number } };
  typedExtensionProtocolOptions?: Record<string, HttpOptions>;
  leastRequestLbConfig?: Warmed;
  roundRobinLbConfig?: Warmed;
}

interface Route {
  route?: {
    hashPolicy?: {
      header?: { headerName: string };
      cookie?: { name: string };
      queryParameter?: { name: string };
      connectionProperties?: object;
    }[];
  };
}

/** Both answers in the same words; what is not in force is left out. Durations in milliseconds. */
export interface Compared {
  /** The subset that a call goes to does not exist: nothing of it is in force. */
  missing?: boolean;
  timeout?: number;
  retries?: unknown;
  pool?: Record<string, number>;
  connectTimeout?: number;
  outlier?: Record<string, number>;
  balancing?: { policy: unknown; on: unknown; warmup: unknown };
  retryBudget?: unknown;
}

/** How Istio writes that there is no limit. */
const UNLIMITED = 4_294_967_295;

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

function limits(
  entries: Record<string, number | undefined>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(entries)
      .filter(
        (entry): entry is [string, number] =>
          entry[1] !== undefined && entry[1] !== UNLIMITED && entry[1] !== 0,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function length(text: unknown): number | undefined {
  return typeof text === 'string' ? milliseconds(text) : undefined;
}

/**
 * In place of a hash key that settings for a port name: Istio gives it to those routes only whose destination names
 * the port, and the core tells it for all of them, with a word about this.
 */
const KEY_OF_PORT = 'a key for a port';

/** What the caller's proxy does, off its route and cluster. */
export function fromOracle(answer: RouteAnswer, core: Compared): Compared {
  const [target] = answer.clusters ?? [];
  if (answer.outcome !== 'routed' || !target?.exists) {
    return { missing: true };
  }
  const cluster = answer.raw?.clusters?.[0] as Cluster;
  const [threshold] = cluster.circuitBreakers.thresholds;
  const { retryBudget } = threshold;
  return {
    ...(answer.timeout === undefined
      ? {}
      : { timeout: milliseconds(answer.timeout) }),
    retries: answer.retries
      ? {
          attempts: answer.retries.attempts,
          perTry: length(answer.retries.perTryTimeout),
        }
      : undefined,
    pool: poolOf(cluster, threshold),
    connectTimeout: length(cluster.connectTimeout),
    outlier:
      cluster.outlierDetection && outlierOf(cluster.outlierDetection, cluster),
    balancing: balancerOf(
      cluster,
      answer.raw?.route as Route | undefined,
      core.balancing?.on === KEY_OF_PORT,
    ),
    retryBudget: retryBudget && {
      percent: retryBudget.budgetPercent.value,
      least: retryBudget.minRetryConcurrency,
    },
  };
}

function poolOf(
  cluster: Cluster,
  threshold: Threshold,
): Record<string, number> {
  const options = cluster.typedExtensionProtocolOptions?.[HTTP_OPTIONS] ?? {};
  const common = options.commonHttpProtocolOptions ?? {};
  const http2 = options.explicitHttpConfig?.http2ProtocolOptions ?? {};
  return limits({
    maxConnections: threshold.maxConnections,
    http1MaxPendingRequests: threshold.maxPendingRequests,
    http2MaxRequests: threshold.maxRequests,
    maxRetries: threshold.maxRetries,
    maxRequestsPerConnection: common.maxRequestsPerConnection,
    maxConcurrentStreams: http2.maxConcurrentStreams,
    maxConnectionDuration: length(common.maxConnectionDuration),
    idleTimeout: length(common.idleTimeout),
  });
}

/** Envoy's own numbers where Istio writes none. */
function outlierOf(out: Outlier, { commonLbConfig }: Cluster) {
  return limits({
    consecutive5xxErrors: out.consecutive5xx ?? 5,
    consecutiveGatewayErrors:
      (out.enforcingConsecutiveGatewayFailure ?? 0) > 0
        ? out.consecutiveGatewayFailure
        : 0,
    consecutiveLocalOriginFailures: out.splitExternalLocalOriginErrors
      ? out.consecutiveLocalOriginFailure ?? 5
      : 0,
    interval: length(out.interval ?? '10s'),
    baseEjectionTime: length(out.baseEjectionTime ?? '30s'),
    maxEjectionPercent: out.maxEjectionPercent ?? 10,
    minHealthPercent: commonLbConfig?.healthyPanicThreshold?.value,
  });
}

function warmupOf({
  leastRequestLbConfig,
  roundRobinLbConfig,
}: Cluster): number | undefined {
  const { slowStartConfig }: Warmed =
    leastRequestLbConfig ?? roundRobinLbConfig ?? {};
  return length(slowStartConfig?.slowStartWindow);
}

/** A route has a key for each request even where the cluster makes nothing of it. */
function balancerOf(
  cluster: Cluster,
  route: Route | undefined,
  ofPort: boolean,
) {
  const policy = cluster.lbPolicy ?? 'ROUND_ROBIN';
  const hashes = policy === 'RING_HASH' || policy === 'MAGLEV';
  const key = ofPort ? KEY_OF_PORT : hashKey(route);
  return {
    policy,
    on: hashes ? key : undefined,
    warmup: warmupOf(cluster),
  };
}

/** What the route hashes requests by. */
function hashKey(route: Route | undefined): object | undefined {
  const [policy] = route?.route?.hashPolicy ?? [];
  if (policy?.header) return { httpHeaderName: policy.header.headerName };
  if (policy?.cookie) return { httpCookie: policy.cookie.name };
  if (policy?.queryParameter) {
    return { httpQueryParameterName: policy.queryParameter.name };
  }
  return policy?.connectionProperties && { useSourceIp: true };
}

/** The part of the core's answer that is about this call. */
export function fromCore(
  answer: ResilienceAnswer,
  question: ResilienceQuestion,
): Compared {
  const { host, port, subset, protocol } = question;
  const destination = answer.destinations.find(
    each => each.host === host && each.port === port && each.subset === subset,
  );
  const route = answer.routes.find(
    each =>
      each.host === host &&
      each.port === port &&
      (each.object === undefined || each.name === (subset ?? 'rest')),
  );
  if (!destination) return { missing: true };
  const of = (
    name: ResilienceSetting['setting'],
  ): Record<string, unknown> | undefined =>
    [...(route?.settings ?? []), ...destination.settings].find(
      ({ setting }) => setting === name,
    )?.value;
  const retries = of('retries');
  const balancing = destination.settings.find(
    ({ setting }) => setting === 'loadBalancer',
  );
  const budget = of('retryBudget');
  const outlier = of('outlierDetection');
  return {
    ...(protocol === 'tcp'
      ? {}
      : { timeout: length(of('timeout')?.timeout) ?? 0 }),
    retries: retries && {
      attempts: retries.attempts,
      perTry: length(retries.perTryTimeout),
    },
    pool: inMilliseconds(of('connectionPool') ?? {}),
    connectTimeout: length(of('connectTimeout')?.connectTimeout),
    outlier: outlier && inMilliseconds(outlier),
    balancing: balancing && balancingOf(balancing, protocol),
    retryBudget: budget && {
      percent: budget.percent,
      least: budget.minRetryConcurrency,
    },
  };
}

function inMilliseconds(
  value: Readonly<Record<string, unknown>>,
): Record<string, number> {
  const numbers = Object.entries(value).map(
    ([name, item]) => [name, length(item) ?? (item as number)] as const,
  );
  return limits(Object.fromEntries(numbers));
}

function balancingOf(
  { value = {}, decidedBy }: ResilienceSetting,
  protocol: ResilienceQuestion['protocol'],
) {
  const { simple, consistentHash, warmup, ...on } = value;
  const ofPort =
    'fieldPath' in decidedBy &&
    decidedBy.fieldPath.includes('.portLevelSettings[');
  const key = ofPort ? KEY_OF_PORT : on;
  return {
    policy:
      simple === 'PASSTHROUGH' ? 'CLUSTER_PROVIDED' : simple ?? consistentHash,
    // A connection's key is in its listener, which is not looked at here.
    on: protocol === 'tcp' || !consistentHash ? undefined : key,
    warmup: length(warmup),
  };
}
