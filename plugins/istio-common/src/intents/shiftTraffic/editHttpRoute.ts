import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import type { CompileProblem, CompileResult } from '../types';
import { checkBackend, copyBackend } from '../routing/addedBackends';
import { describeKept } from '../routing/describeKept';
import { resolveWeights } from './resolveWeights';
import { isProblem, readRouteRule, withEntries } from '../routing/routeRule';
import type { ShiftTrafficParams } from './schema';
import { setWeights } from './setWeights';
import { titleOfShift } from './title';

/**
 * Shifts between the backends of an HTTPRoute's rule. Only `weight` fields of this one rule change;
 * a Service of the route's namespace that the rule does not name yet becomes a backend with the port
 * of its siblings.
 */
export function editHttpRoute(options: {
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
  const sibling = rule.entries[0];
  const problems = weights.added.flatMap(({ key }): CompileProblem[] => {
    const message = checkBackend({ snapshot, namespace, name: key, sibling });
    const at = params.weights.findIndex(each => each.key === key);
    return message ? [{ field: `weights[${at}].key`, message }] : [];
  });
  if (problems.length > 0) {
    return { ok: false, problems };
  }
  const edited = weights.unchanged
    ? object
    : withEntries(object, rule, [
        ...setWeights(rule, weights.after),
        ...weights.added.map(({ key, percent }) => ({
          ...copyBackend(sibling, key),
          weight: percent,
        })),
      ]);
  return {
    ok: true,
    desired: [edited],
    removed: [],
    keptAsIs: describeKept({ object, rule }),
    title: titleOfShift(weights.before, weights.after),
    shares: { before: weights.before, after: weights.after },
  };
}
