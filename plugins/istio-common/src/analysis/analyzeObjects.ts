import type { KubeObject } from '../resources/types';
import { kindNameOf } from '../resources/kinds';
import type { AnalysisInput } from './analyze';
import { checkSubject } from './checkSubject';
import { explainSkip } from './explainSkip';
import { RULES } from './rules';
import type { MeshFinding } from './types';

/** What the rules say of these objects alone, which are some of the snapshot's; rules that cannot tell say nothing. */
export function analyzeObjects(
  input: AnalysisInput & { objects: readonly KubeObject[] },
): MeshFinding[] {
  const { rules = RULES, objects, ...context } = input;
  const usable = rules.filter(rule => !explainSkip(rule, context));
  return objects.flatMap(object => {
    const kind = kindNameOf(object);
    return usable
      .filter(({ subjects }) => kind !== undefined && subjects.includes(kind))
      .flatMap(rule => checkSubject(rule, object, context));
  });
}
