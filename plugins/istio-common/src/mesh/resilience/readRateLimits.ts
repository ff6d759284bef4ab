import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  labelsOf,
  listOf,
  numberOf,
  textOf,
} from '../../resources/fields';
import { compareByAge } from '../../resources/objectKey';
import { matchesLabels } from '../../resources/selector';
import { DecidedBy, KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { decidedByOrigin } from '../route/answers';
import {
  GLOBAL_FILTERS,
  LOCAL_FILTERS,
  readLocalLimit,
} from './readTokenBucket';
import { RateLimit } from './types';

/**
 * What EnvoyFilters do to requests that arrive at a workload: Envoy's local and global rate limits where
 * they have their usual form, and of every other patch that there is one. Those of the root namespace
 * count everywhere; those with targetRefs are for gateways and waypoints.
 *
 * Source: istio/istio pilot/pkg/model PushContext.EnvoyFilters; istio.io "Enabling Rate Limits using Envoy".
 */
export function readRateLimits(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): RateLimit[] {
  const object = snapshot.workload(workload);
  const labels = object ? readWorkload(object).labels : {};
  const namespaces = new Set([snapshot.rootNamespace, workload.namespace]);
  return [...namespaces]
    .flatMap(namespace =>
      [...snapshot.inNamespace('EnvoyFilter', namespace)].sort(compareByAge),
    )
    .filter(filter => selects(filter, labels))
    .flatMap(filter => readFilter(snapshot, workload, filter));
}

function selects(filter: KubeObject, labels: Record<string, string>): boolean {
  const spec = fieldsOf(filter.spec);
  return (
    listOf(spec.targetRefs).length === 0 &&
    matchesLabels(labelsOf(fieldsOf(spec.workloadSelector).labels), labels)
  );
}

/** One patch of an EnvoyFilter. */
interface Patch {
  applyTo: string;
  match: Fields;
  operation: string;
  value: Fields;
  decidedBy: DecidedBy;
}

function readFilter(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
  filter: KubeObject,
): RateLimit[] {
  const patches = fieldsListOf(fieldsOf(filter.spec).configPatches)
    .map((fields, index): Patch => {
      const patch = fieldsOf(fields.patch);
      return {
        applyTo: textOf(fields.applyTo) ?? '',
        match: fieldsOf(fields.match),
        operation: textOf(patch.operation) ?? '',
        value: fieldsOf(patch.value),
        decidedBy: decidedByOrigin(snapshot, {
          object: filter,
          path: `spec.configPatches[${index}]`,
        }),
      };
    })
    .filter(({ match }) => isInbound(match));
  const owner = { workload: workload.name, namespace: workload.namespace };
  const limits = patches.flatMap(patch =>
    readLimit(patch).map(limit => ({ ...owner, ...limit })),
  );
  const carriesLimit = limits.some(({ bucket }) => bucket !== undefined);
  const [rest] = patches.filter(
    patch =>
      readLimit(patch).length === 0 && !(carriesLimit && isLimitFilter(patch)),
  );
  return rest ? [...limits, { ...owner, ...describeOther(rest) }] : limits;
}

/** Without a context a patch is for every listener. */
function isInbound(match: Fields): boolean {
  return ['ANY', 'SIDECAR_INBOUND'].includes(textOf(match.context) ?? 'ANY');
}

/** Puts a limiting filter in without saying how much: the routes do. */
function isLimitFilter({ value }: Patch): boolean {
  return LOCAL_FILTERS.includes(textOf(value.name) ?? '');
}

type Limit = Omit<RateLimit, 'workload' | 'namespace'>;

function readLimit(patch: Patch): Limit[] {
  const { value, match, decidedBy } = patch;
  if (patch.operation === 'REMOVE') {
    return [];
  }
  const place = { decidedBy, ...portOf(match) };
  const name = textOf(value.name) ?? '';
  if (GLOBAL_FILTERS.includes(name)) {
    return [
      { kind: 'global', text: 'A rate limit service is asked', ...place },
    ];
  }
  const own = LOCAL_FILTERS.includes(name)
    ? [readLocalLimit(configOf(value))]
    : [];
  const perRoute = fieldsOf(
    value.typed_per_filter_config ?? value.typedPerFilterConfig,
  );
  const routed = LOCAL_FILTERS.map(filter => perRoute[filter])
    .filter(isFields)
    .map(readLocalLimit);
  return [...own, ...routed].flatMap(limit =>
    limit ? [{ kind: 'local' as const, ...limit, ...place }] : [],
  );
}

function configOf(value: Fields): unknown {
  return value.typed_config ?? value.typedConfig;
}

/** The port of the listener, or of the route configuration's virtual host. */
function portOf(match: Fields): { port?: number } {
  const listener = numberOf(fieldsOf(match.listener).portNumber);
  const routes = fieldsOf(match.routeConfiguration);
  const vhost = textOf(fieldsOf(routes.vhost).name) ?? '';
  const named = /^inbound\|[^|]*\|(\d+)$/.exec(vhost);
  const port =
    listener ??
    numberOf(routes.portNumber) ??
    (named ? Number(named[1]) : undefined);
  return port === undefined ? {} : { port };
}

function describeOther({
  applyTo,
  operation,
  value,
  match,
  decidedBy,
}: Patch): Limit {
  const name = textOf(value.name);
  const what = isLimitFilter({ value } as Patch)
    ? 'A rate limit filter without a token bucket limits nothing by itself'
    : `An EnvoyFilter changes how requests arrive (${operation || 'patch'} ${
        name ?? applyTo
      })`;
  return { kind: 'other', text: what, decidedBy, ...portOf(match) };
}
