import { applyFix } from '../../analysis/applyFix';
import { checkSubject } from '../../analysis/checkSubject';
import { explainSkip } from '../../analysis/explainSkip';
import { RULES } from '../../analysis/rules';
import type { MeshFinding, Rule } from '../../analysis/types';
import { kindNameOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { requireSynced } from '../routing/requireSynced';
import type { CompileResult } from '../types';
import type { ApplyFixParams } from './schema';

/** The object as the rule's own fix makes it, where the rule still finds there what the person saw. */
export function compileApplyFix(options: {
  params: ApplyFixParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const { code, title, path } = params;
  const rule = ruleOf(params);
  const kind = kindNameOf(params.object);
  if (!rule || !kind) {
    return rule
      ? refuse('object.kind', `${params.object.kind} is not changed here`)
      : refuse('code', `no rule is called ${code}`);
  }
  const stale = requireSynced(snapshot, {
    written: [kind],
    read: [...rule.inputs],
  });
  if (stale.length > 0) return { ok: false, problems: stale };
  // Other kinds that the rule judges are none of this change's business.
  const skipped = explainSkip({ ...rule, subjects: [kind] }, { snapshot });
  if (skipped) {
    return refuse('code', `${code} cannot be asked for a change: ${skipped}`);
  }
  const object = objectOf(params, snapshot);
  if (!object) {
    const ref = { ...params.object, cluster: snapshot.cluster };
    return refuse(
      'object.name',
      `${snapshot.cluster} has no ${describeObject(ref)}`,
    );
  }
  const fixable = findingsAt({ rule, object, path, snapshot }).filter(
    ({ fix }) => fix !== undefined,
  );
  const fix = fixable.find(one => one.fix?.title === title)?.fix;
  if (!fix) {
    const others = fixable.map(one => one.fix?.title).join(', ');
    return refuse(
      fixable.length > 0 ? 'title' : 'path',
      fixable.length > 0
        ? `the proposed change is another one now: ${others}`
        : `${code} finds nothing at ${
            path || 'the object'
          } that it could mend, in ${snapshot.cluster}`,
    );
  }
  const mended = applyFix(object, fix);
  return mended
    ? {
        ok: true,
        desired: [mended],
        removed: [],
        keptAsIs: [],
        title: lowered(title),
      }
    : refuse('path', 'the proposed change does not fit the object any more');
}

export function ruleOf({ code }: ApplyFixParams): Rule | undefined {
  return RULES.find(rule => rule.code === code);
}

export function objectOf(
  { object }: ApplyFixParams,
  snapshot: MeshSnapshot,
): KubeObject | undefined {
  const kind = kindNameOf(object);
  return kind && snapshot.get(kind, object.namespace, object.name);
}

/** What the rule says of the field today. */
export function findingsAt(options: {
  rule: Rule;
  object: KubeObject;
  path: string;
  snapshot: MeshSnapshot;
}): MeshFinding[] {
  const { rule, object, path, snapshot } = options;
  return checkSubject(rule, object, { snapshot }).filter(
    finding => finding.path === path,
  );
}

function refuse(field: string, message: string): CompileResult {
  return { ok: false, problems: [{ field, message }] };
}

/** After the object's name in a change's title. */
function lowered(title: string): string {
  return `${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;
}
