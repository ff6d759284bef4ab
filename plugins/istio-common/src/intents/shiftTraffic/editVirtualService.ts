import { type Fields, fieldsOf } from '../../resources/fields';
import { serviceHost } from '../../resources/host';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileProblem, CompileResult } from '../types';
import { checkRoutesService } from '../routing/checkRoutesService';
import { describeKept } from '../routing/describeKept';
import { findVersions, type ServiceVersion } from './findVersions';
import { definedSubsets, planSubsets } from './planSubsets';
import { type ResolvedWeights, resolveWeights } from './resolveWeights';
import {
  isProblem,
  readRouteRule,
  withEntries,
  type RouteRule,
} from '../routing/routeRule';
import type { ShiftTrafficParams } from './schema';
import { titleOfShift } from './title';
import { setWeights } from './setWeights';

/**
 * Shifts between the destinations of a rule that exists. Only `weight` fields of this one rule
 * change; a version that the rule does not name yet becomes a destination with the host and port of
 * its siblings, and a subset of the host's DestinationRule where it is none.
 */
export function editVirtualService(options: {
  params: ShiftTrafficParams;
  fieldPath: string;
  object: KubeObject;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, fieldPath, object, snapshot } = options;
  const rule = readRouteRule({ object, fieldPath, domain: snapshot.domain });
  if (isProblem(rule)) {
    return { ok: false, problems: [rule] };
  }
  const service = { namespace: params.namespace, name: params.service };
  const where = `${fieldPath} of ${describeObject(object)}`;
  const foreign = checkRoutesService({
    rule,
    object,
    snapshot,
    params,
    fieldPath,
  });
  if (foreign) {
    return { ok: false, problems: [foreign] };
  }
  const versions = findVersions(snapshot, service);
  const weights = resolveWeights({
    requested: params.weights,
    present: rule.destinations.map(({ key }, index) => ({
      key,
      counted: rule.counted[index],
    })),
    addable: [
      ...definedSubsets({ snapshot, service }),
      ...versions.map(({ key }) => key),
    ],
    where,
  });
  if ('problems' in weights) {
    return { ok: false, problems: weights.problems };
  }
  const planned = planAdditions({ rule, snapshot, service, weights, versions });
  if ('problem' in planned) {
    return { ok: false, problems: [planned.problem] };
  }
  const edited = weights.unchanged
    ? object
    : withEntries(object, rule, [
        ...setWeights(rule, weights.after),
        ...planned.entries,
      ]);
  return {
    ok: true,
    desired: [...planned.destinationRules, edited],
    removed: [],
    keptAsIs: describeKept({ object, rule }),
    title: titleOfShift(weights.before, weights.after),
    shares: { before: weights.before, after: weights.after },
  };
}

/** Destinations for versions that the rule does not name yet, and the subsets they need. */
function planAdditions(options: {
  rule: RouteRule;
  snapshot: MeshSnapshot;
  service: { namespace: string; name: string };
  weights: ResolvedWeights;
  versions: ServiceVersion[];
}):
  | { entries: Fields[]; destinationRules: KubeObject[] }
  | { problem: CompileProblem } {
  const { rule, snapshot, service, weights, versions } = options;
  const { added } = weights;
  if (added.length === 0) {
    return { entries: [], destinationRules: [] };
  }
  const sibling = findSibling({ rule, snapshot, service });
  if (!sibling) {
    return {
      problem: {
        field: 'weights',
        message: `the rule sends nothing to ${
          service.name
        } yet, so there is no destination to model ${
          added[0].key
        } on; allowed: ${rule.destinations.map(({ key }) => key).join(', ')}`,
      },
    };
  }
  const subsets = planSubsets(
    { snapshot, service },
    versions.filter(version => added.some(({ key }) => key === version.key)),
  );
  return 'problem' in subsets
    ? subsets
    : {
        destinationRules: subsets.desired ? [subsets.desired] : [],
        entries: added.map(({ key, percent }) => ({
          destination: copyDestination(sibling, key),
          weight: percent,
        })),
      };
}

/** The `destination` that a new one copies: one of the Service itself. */
function findSibling(options: {
  rule: RouteRule;
  snapshot: MeshSnapshot;
  service: { namespace: string; name: string };
}): Record<string, unknown> | undefined {
  const { rule, snapshot, service } = options;
  const host = serviceHost(service, snapshot.domain);
  const at = rule.destinations.findIndex(each => each.host === host);
  return at < 0 ? undefined : { ...fieldsOf(rule.entries[at].destination) };
}

/** Host and port of the sibling, the key as subset, in the usual order of fields. */
function copyDestination(
  sibling: Record<string, unknown>,
  subset: string,
): Record<string, unknown> {
  const { host, subset: _, ...rest } = sibling;
  return { host, subset, ...rest };
}
