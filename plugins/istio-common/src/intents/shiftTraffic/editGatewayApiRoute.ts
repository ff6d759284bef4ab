import { describeObject } from '../../resources/objectKey';
import { checkBackend, copyBackend } from '../routing/addedBackends';
import { isProblem } from '../routing/routeRule';
import type { CompileProblem, CompileResult } from '../types';
import { resolveWeights } from './resolveWeights';
import {
  readShiftedRule,
  writeShiftedRule,
  type ShiftEdit,
} from './shiftedRule';

/**
 * Shifts between the backends of a rule of an HTTPRoute, GRPCRoute, TCPRoute or TLSRoute. Only `weight`
 * fields of this one rule change; a Service of the route's namespace that the rule does not name yet
 * becomes a backend with the port of its siblings.
 */
export function editGatewayApiRoute(edit: ShiftEdit): CompileResult {
  const { params, fieldPath, object, snapshot } = edit;
  const rule = readShiftedRule(edit);
  if (isProblem(rule)) {
    return { ok: false, problems: [rule] };
  }
  const namespace = object.metadata.namespace ?? '';
  const unnamed = params.weights
    .map(({ key }) => key)
    .filter(key => !rule.destinations.some(each => each.key === key));
  const weights = resolveWeights({
    requested: params.weights,
    present: rule.destinations.map(({ key }, index) => ({
      key,
      counted: rule.counted[index],
    })),
    addable: unnamed.filter(name => snapshot.get('Service', namespace, name)),
    where: `${fieldPath} of ${describeObject(object)}`,
  });
  if ('problems' in weights) {
    return { ok: false, problems: weights.problems };
  }
  const [sibling] = rule.entries;
  const problems = weights.added.flatMap(({ key }): CompileProblem[] => {
    const message = checkBackend({ snapshot, namespace, name: key, sibling });
    const at = params.weights.findIndex(each => each.key === key);
    return message ? [{ field: `weights[${at}].key`, message }] : [];
  });
  return problems.length > 0
    ? { ok: false, problems }
    : writeShiftedRule({
        object,
        rule,
        weights,
        added: weights.added.map(({ key }) => copyBackend(sibling, key)),
        first: [],
      });
}
