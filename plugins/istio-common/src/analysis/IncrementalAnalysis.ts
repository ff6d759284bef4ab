import { kindNameOf, type KindName } from '../resources/kinds';
import { objectKey } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import type { ObjectChange } from '../snapshot/diffSnapshots';
import { checkSubject } from './checkSubject';
import { compareFindings } from './compareFindings';
import { explainSkip } from './explainSkip';
import { RULES } from './rules';
import type {
  AnalysisResult,
  MeshFinding,
  Rule,
  RuleContext,
  SkippedRule,
} from './types';

/**
 * An analysis that is kept up to date: a changed object asks only the rules that read its kind again,
 * and those only about what the object can reach.
 */
export class IncrementalAnalysis {
  readonly #rules: readonly Rule[];
  /** Findings by rule, then by subject; subjects without a finding are absent. */
  readonly #found = new Map<Rule, Map<string, readonly MeshFinding[]>>();
  #context: RuleContext;
  #result: AnalysisResult | undefined;

  private constructor(rules: readonly Rule[], context: RuleContext) {
    this.#rules = rules;
    this.#context = context;
  }

  static create(
    context: RuleContext,
    rules: readonly Rule[] = RULES,
  ): IncrementalAnalysis {
    const analysis = new IncrementalAnalysis(rules, context);
    rules.forEach(rule => analysis.#askAll(rule));
    return analysis;
  }

  /** Brings the findings up to date with a snapshot that differs from the last one by `changes` only. */
  update(context: RuleContext, changes: readonly ObjectChange[]): void {
    const before = this.#context;
    this.#context = context;
    this.#result = undefined;
    for (const rule of this.#rules) {
      const couldBeAsked = !explainSkip(rule, before);
      const canBeAsked = !explainSkip(rule, context);
      if (couldBeAsked !== canBeAsked || needsElse(rule, before, context)) {
        this.#askAll(rule);
      } else if (canBeAsked) {
        this.#follow(rule, changes);
      }
    }
  }

  get result(): AnalysisResult {
    if (!this.#result) {
      const findings: MeshFinding[] = [];
      for (const bySubject of this.#found.values()) {
        for (const list of bySubject.values()) findings.push(...list);
      }
      const skipped: SkippedRule[] = [];
      for (const rule of this.#rules) {
        const reason = explainSkip(rule, this.#context);
        if (reason) skipped.push({ code: rule.code, name: rule.name, reason });
      }
      this.#result = { findings: findings.sort(compareFindings), skipped };
    }
    return this.#result;
  }

  #askAll(rule: Rule): void {
    this.#found.set(rule, new Map());
    if (explainSkip(rule, this.#context)) return;
    for (const kind of rule.subjects) {
      for (const subject of this.#context.snapshot.list(kind)) {
        this.#ask(rule, subject);
      }
    }
  }

  #ask(rule: Rule, subject: KubeObject): void {
    const findings = checkSubject(rule, subject, this.#context);
    const bySubject = this.#found.get(rule);
    if (findings.length > 0) {
      bySubject?.set(objectKey(subject), findings);
    } else {
      bySubject?.delete(objectKey(subject));
    }
  }

  #follow(rule: Rule, changes: readonly ObjectChange[]): void {
    const namespaces = new Set<string>();
    for (const { before, after } of changes) {
      const object = after ?? before;
      const kind = object && kindNameOf(object);
      if (!kind) continue;
      const isSubject = rule.subjects.includes(kind);
      if (isSubject && !after) {
        this.#found.get(rule)?.delete(objectKey(object));
      }
      if (!isSubject && !rule.inputs.includes(kind)) continue;
      const reach = rule.reachOf?.[kind] ?? rule.reach;
      if (reach === 'object') {
        if (isSubject && after) this.#ask(rule, after);
        continue;
      }
      const namespace = namespaceOf(object, kind);
      if (
        reach === 'mesh' ||
        namespace === this.#context.snapshot.rootNamespace
      ) {
        this.#askAll(rule);
        return;
      }
      namespaces.add(namespace);
      // Objects of the root namespace are about all others.
      namespaces.add(this.#context.snapshot.rootNamespace);
    }
    for (const namespace of namespaces) this.#askNamespace(rule, namespace);
  }

  #askNamespace(rule: Rule, namespace: string): void {
    const { snapshot } = this.#context;
    for (const kind of rule.subjects) {
      if (kind === 'Namespace') {
        const subject = snapshot.get(kind, undefined, namespace);
        if (subject) this.#ask(rule, subject);
        continue;
      }
      for (const subject of snapshot.inNamespace(kind, namespace)) {
        this.#ask(rule, subject);
      }
    }
  }
}

function namespaceOf(object: KubeObject, kind: KindName): string {
  return kind === 'Namespace'
    ? object.metadata.name
    : object.metadata.namespace ?? '';
}

/** Whether what the rule needs beside the objects has changed. */
function needsElse(
  { needs = [] }: Rule,
  before: RuleContext,
  after: RuleContext,
): boolean {
  return (
    (needs.includes('traffic') && before.traffic !== after.traffic) ||
    (needs.includes('clock') && before.now !== after.now)
  );
}
