import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileResult } from '../types';
import { planDestinations } from '../routing/addedDestinations';
import { checkRoutesService } from '../routing/checkRoutesService';
import { describeKept } from '../routing/describeKept';
import { findVersions } from '../routing/findVersions';
import { definedSubsets } from '../routing/planSubsets';
import { resolveWeights } from './resolveWeights';
import { isProblem, readRouteRule, withEntries } from '../routing/routeRule';
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
  const planned = planDestinations({
    rule,
    place: { snapshot, service },
    keys: weights.added.map(({ key }) => key),
    versions,
    field: 'weights',
  });
  if ('problem' in planned) {
    return { ok: false, problems: [planned.problem] };
  }
  const edited = weights.unchanged
    ? object
    : withEntries(object, rule, [
        ...setWeights(rule, weights.after),
        ...planned.entries.map((entry, index) => ({
          ...entry,
          weight: weights.added[index].percent,
        })),
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
