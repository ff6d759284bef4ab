import { Fields, fieldsOf, numberOf, textOf } from '../../resources/fields';
import { DecidedBy } from '../../resources/types';
import { formatCount, formatWrittenDuration } from '../../telemetry/format';
import { decidedByOrigin } from '../route/answers';
import { isHttp, isHttp2 } from '../route/protocol';
import { MeshService, portOf } from '../route/serviceModel';
import {
  childBlock,
  effectiveBlock,
  rulePolicy,
  subsetPolicy,
} from '../route/policyBlocks';
import {
  DecidedBlock,
  decidePolicyField,
  deepen,
  PolicyPlace,
} from './decidePolicyField';
import { ResilienceSetting } from './types';

/** A limit of a connection pool: where it is written and how it is told. */
const LIMITS: readonly [
  part: 'tcp' | 'http',
  field: string,
  describe: (count: string) => string,
][] = [
  ['tcp', 'maxConnections', count => `${count} open`],
  ['http', 'http1MaxPendingRequests', count => `${count} waiting`],
  ['http', 'http2MaxRequests', count => `${count} requests at once`],
  ['http', 'maxRetries', count => `${count} retries at once`],
  ['http', 'maxRequestsPerConnection', count => `${count} per connection`],
  ['http', 'maxConcurrentStreams', count => `${count} streams`],
];

const LENGTHS: readonly [
  part: 'tcp' | 'http',
  field: string,
  describe: (length: string) => string,
][] = [
  ['tcp', 'maxConnectionDuration', length => `closed after ${length}`],
  ['http', 'idleTimeout', length => `closed when idle for ${length}`],
  ['tcp', 'idleTimeout', length => `closed when idle for ${length}`],
];

/**
 * How many connections and requests the callers' proxies let through at once. A limit of 0 is none, as
 * is a missing one: Istio raises Envoy's own limits to the largest number there is. One of streams counts only
 * where the proxy speaks HTTP/2 of its own accord.
 *
 * Source: istio/istio pilot/pkg/networking/core applyConnectionPool, getDefaultCircuitBreakerThresholds (1.31).
 */
export function readConnectionPool(
  place: PolicyPlace,
  service: MeshService | undefined,
): ResilienceSetting {
  const block = decidePolicyField(place, 'connectionPool');
  const limits = readLimits(
    block.fields,
    speaksHttp2(place, { fields: block.fields, service }),
  );
  const lengths = readLengths(block.fields);
  const value = { ...limits.value, ...lengths.value };
  const set = Object.keys(value).length > 0;
  return {
    setting: 'connectionPool',
    state: set ? 'on' : 'off',
    text: limits.texts.join(', ') || 'No limit',
    ...(lengths.texts.length > 0
      ? { detail: sentence(lengths.texts.join(', ')) }
      : {}),
    ...(set ? { value } : {}),
    decidedBy:
      set && block.decidedBy
        ? block.decidedBy
        : { by: 'istioDefault', note: 'no limit of connections is set' },
    overruled: block.overruled,
  };
}

/**
 * Whether the proxy speaks HTTP/2 to this port whatever its caller speaks.
 *
 * Source: istio/istio pilot/pkg/networking/core setUpstreamProtocol, shouldH2Upgrade, setUseDownstreamProtocol (1.31).
 */
function speaksHttp2(
  { snapshot, port }: PolicyPlace,
  { fields, service }: { fields: Fields; service: MeshService | undefined },
): boolean {
  const protocol = (service && portOf(service, port)?.protocol) ?? 'auto';
  const { useClientProtocol, h2UpgradePolicy } = fieldsOf(fields.http);
  if (useClientProtocol === true) return false;
  if (isHttp2(protocol)) return true;
  // A detected port keeps to what the caller speaks.
  if (protocol === 'auto' || h2UpgradePolicy === 'DO_NOT_UPGRADE') return false;
  return (
    h2UpgradePolicy === 'UPGRADE' ||
    (isHttp(protocol) && snapshot.meshConfig?.h2UpgradePolicy === 'UPGRADE')
  );
}

function readLimits(fields: Fields, http2: boolean) {
  const value: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [part, field, describe] of LIMITS) {
    const limit = numberOf(fieldsOf(fields[part])[field]) ?? 0;
    const counts = field !== 'maxConcurrentStreams' || http2;
    if (limit > 0 && counts) {
      value[field] = limit;
      texts.push(describe(formatCount(limit)));
    }
  }
  return { value, texts };
}

/** The HTTP idle timeout counts where both are written. */
function readLengths(fields: Fields) {
  const value: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [part, field, describe] of LENGTHS) {
    const length = textOf(fieldsOf(fields[part])[field]);
    if (length !== undefined && !(field in value)) {
      value[field] = length;
      texts.push(describe(formatWrittenDuration(length)));
    }
  }
  return { value, texts };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const DEFAULT_CONNECT_TIMEOUT = '10s';

/**
 * How long a connection may take to open: of the pool, else meshConfig.connectTimeout, which is 10 s
 * unless set.
 *
 * Source: istio/istio pilot/pkg/networking/core applyDefaultConnectionPool; pkg/config/mesh DefaultMeshConfig (1.31).
 */
export function readConnectTimeout(place: PolicyPlace): ResilienceSetting {
  const block = decidePolicyField(place, 'connectionPool');
  const written = textOf(fieldsOf(block.fields.tcp).connectTimeout);
  const mesh = textOf(place.snapshot.meshConfig?.connectTimeout);
  const timeout = written ?? mesh ?? DEFAULT_CONNECT_TIMEOUT;
  return {
    setting: 'connectTimeout',
    state: 'on',
    text: formatWrittenDuration(timeout),
    value: { connectTimeout: timeout },
    decidedBy: whoSetConnectTimeout(block, written, mesh),
    overruled: [],
  };
}

function whoSetConnectTimeout(
  block: DecidedBlock,
  written: string | undefined,
  mesh: string | undefined,
): DecidedBy {
  if (written !== undefined && block.decidedBy) {
    return deepen(block.decidedBy, 'tcp.connectTimeout');
  }
  return mesh === undefined
    ? { by: 'istioDefault', note: 'connectTimeout 10 s' }
    : { by: 'meshConfig', fieldPath: 'connectTimeout' };
}

/**
 * The share of requests that may be retries, where a rule sets it: a port's block has none, and a subset
 * without one keeps the rule's.
 *
 * Source: istio/istio pilot/pkg/networking/core applyRetryBudget; pilot/pkg/model MergeTrafficPolicy (1.31).
 */
export function readRetryBudget(
  place: PolicyPlace,
): ResilienceSetting | undefined {
  const { snapshot, port, rule, subset } = place;
  const policies = [subset && subsetPolicy(subset), rule && rulePolicy(rule)];
  const block = policies
    .map(policy => effectiveBlock(policy, port))
    .filter(found => found && !found.ported)
    .map(found => childBlock(found?.block, 'retryBudget'))
    .find(found => found !== undefined);
  if (!block) {
    return undefined;
  }
  const percent =
    numberOf(fieldsOf(block.fields.percent).value) ??
    numberOf(block.fields.percent) ??
    20;
  const minimum = numberOf(block.fields.minRetryConcurrency) || 3;
  return {
    setting: 'retryBudget',
    state: 'on',
    text: `${percent} % of the requests`,
    detail: `At least ${minimum} at once. The number of retries at once does not count beside it`,
    value: { percent, minRetryConcurrency: minimum },
    decidedBy: decidedByOrigin(snapshot, {
      object: block.object,
      path: block.fieldPath,
    }),
    overruled: [],
  };
}
