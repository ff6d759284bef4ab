import { describeObject } from '../../resources/objectKey';
import { planDestinations } from '../routing/addedDestinations';
import { findVersions } from '../routing/findVersions';
import { definedSubsets } from '../routing/planSubsets';
import { isProblem } from '../routing/routeRule';
import type { CompileResult } from '../types';
import { resolveWeights } from './resolveWeights';
import {
  readShiftedRule,
  writeShiftedRule,
  type ShiftEdit,
} from './shiftedRule';

/**
 * Shifts between the destinations of a rule that exists. Only `weight` fields of this one rule
 * change; a version that the rule does not name yet becomes a destination with the host and port of
 * its siblings, and a subset of the host's DestinationRule where it is none.
 */
export function editVirtualService(edit: ShiftEdit): CompileResult {
  const { params, fieldPath, object, snapshot } = edit;
  const rule = readShiftedRule(edit);
  if (isProblem(rule)) {
    return { ok: false, problems: [rule] };
  }
  const service = { namespace: params.namespace, name: params.service };
  const place = { snapshot, service };
  const versions = findVersions(snapshot, service);
  const weights = resolveWeights({
    requested: params.weights,
    present: rule.destinations.map(({ key }, index) => ({
      key,
      counted: rule.counted[index],
    })),
    addable: [...definedSubsets(place), ...versions.map(({ key }) => key)],
    where: `${fieldPath} of ${describeObject(object)}`,
  });
  if ('problems' in weights) {
    return { ok: false, problems: weights.problems };
  }
  const planned = planDestinations({
    rule,
    place,
    keys: weights.added.map(({ key }) => key),
    versions,
    field: 'weights',
  });
  return 'problem' in planned
    ? { ok: false, problems: [planned.problem] }
    : writeShiftedRule({
        object,
        rule,
        weights,
        added: planned.entries,
        first: planned.destinationRules,
      });
}
