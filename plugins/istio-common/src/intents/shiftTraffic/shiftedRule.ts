import type { Fields } from '../../resources/fields';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { checkRoutesService } from '../routing/checkRoutesService';
import { describeKept } from '../routing/describeKept';
import {
  isProblem,
  readRouteRule,
  withEntries,
  type RouteRule,
} from '../routing/routeRule';
import type { CompileProblem, CompileResult } from '../types';
import type { ResolvedWeights } from './resolveWeights';
import type { ShiftTrafficParams } from './schema';
import { setWeights } from './setWeights';
import { titleOfShift } from './title';

/** A rule of an object that shall share out otherwise. */
export interface ShiftEdit {
  params: ShiftTrafficParams;
  fieldPath: string;
  object: KubeObject;
  snapshot: MeshSnapshot;
}

/** The rule, which must be about the Service that is named. */
export function readShiftedRule(edit: ShiftEdit): RouteRule | CompileProblem {
  const { object, fieldPath, snapshot } = edit;
  const rule = readRouteRule({ object, fieldPath, domain: snapshot.domain });
  return isProblem(rule) ? rule : checkRoutesService({ ...edit, rule }) ?? rule;
}

/** The object with the new shares; destinations that are new come last, each with its share. */
export function writeShiftedRule(options: {
  object: KubeObject;
  rule: RouteRule;
  weights: ResolvedWeights;
  added: readonly Fields[];
  /** Objects that must be there before. */
  first: KubeObject[];
}): CompileResult {
  const { object, rule, weights, added, first } = options;
  const edited = weights.unchanged
    ? object
    : withEntries(object, rule, [
        ...setWeights(rule, weights.after),
        ...added.map((entry, index) => ({
          ...entry,
          weight: weights.added[index].percent,
        })),
      ]);
  return {
    ok: true,
    desired: [...first, edited],
    removed: [],
    keptAsIs: describeKept({ object, rule }),
    title: titleOfShift(weights.before, weights.after),
    shares: { before: weights.before, after: weights.after },
  };
}
