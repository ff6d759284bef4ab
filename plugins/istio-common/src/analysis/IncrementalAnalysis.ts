import { kindNameOf, type KindName } from '../resources/kinds';
import { objectKey } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import type { ObjectChange } from '../snapshot/diffSnapshots';
import type { MeshSnapshot } from '../snapshot/types';
import { checkSubject } from './checkSubject';
import { compareFindings } from './compareFindings';
import { explainSkip } from './explainSkip';
import { HostIndex } from './hosts/HostIndex';
import { hostNamesOf } from './hosts/hostNames';
import { RULES } from './rules';
import type {
  AnalysisResult,
  MeshFinding,
  Rule,
  RuleContext,
  SkippedRule,
} from './types';

/** Whom a change reaches. */
interface Again {
  namespaces: Set<string>;
  /** First labels of hosts. */
  hosts: Set<string>;
}

/**
 * An analysis that is kept up to date: a changed object asks only the rules that read its kind again,
 * and those only about what the object can reach.
 */
export class IncrementalAnalysis {
  readonly #rules: readonly Rule[];
  /** Findings by rule, then by subject; subjects without a finding are absent. */
  readonly #found = new Map<Rule, Map<string, readonly MeshFinding[]>>();
  /** Of the kinds whose subjects are found by host, made when first needed. */
  readonly #hosts = new Map<KindName, HostIndex>();
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
    const { analysis, steps } = IncrementalAnalysis.begin(context, rules);
    for (const _ of steps) {
      // Each step is done by being asked for.
    }
    return analysis;
  }

  /**
   * The same for who must do other things meanwhile: the analysis is whole when `steps` were gone through, each
   * of which is one question about one object. The context stays that of the beginning.
   */
  static begin(
    context: RuleContext,
    rules: readonly Rule[] = RULES,
  ): { analysis: IncrementalAnalysis; steps: Iterable<void> } {
    const analysis = new IncrementalAnalysis(rules, context);
    return { analysis, steps: analysis.#askEverything() };
  }

  /** Brings the findings up to date with a snapshot that differs from the last one by `changes` only. */
  update(context: RuleContext, changes: readonly ObjectChange[]): void {
    const before = this.#context;
    this.#context = context;
    this.#result = undefined;
    this.#followHosts(before.snapshot, changes);
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

  *#askEverything(): Generator<void> {
    for (const rule of this.#rules) yield* this.#askSubjects(rule);
  }

  #askAll(rule: Rule): void {
    for (const _ of this.#askSubjects(rule)) {
      // Each step is done by being asked for.
    }
  }

  *#askSubjects(rule: Rule): Generator<void> {
    this.#found.set(rule, new Map());
    if (explainSkip(rule, this.#context)) return;
    for (const kind of rule.subjects) {
      for (const subject of this.#context.snapshot.list(kind)) {
        this.#ask(rule, subject);
        yield;
      }
    }
  }

  #ask(rule: Rule, subject: KubeObject): void {
    const findings = checkSubject(rule, subject, this.#context);
    const bySubject = this.#found.get(rule);
    if (findings.length > 0) {
      bySubject?.set(objectKey(subject), findings);
    } else if (bySubject && bySubject.size > 0) {
      bySubject.delete(objectKey(subject));
    }
  }

  #follow(rule: Rule, changes: readonly ObjectChange[]): void {
    const again: Again = { namespaces: new Set(), hosts: new Set() };
    for (const change of changes) {
      if (this.#reaches(rule, change, again)) {
        this.#askAll(rule);
        return;
      }
    }
    for (const namespace of again.namespaces) {
      this.#askNamespace(rule, namespace);
    }
    if (again.hosts.size > 0) this.#askHosts(rule, again.hosts);
  }

  /** Notes whom the change reaches; true: everybody. */
  #reaches(rule: Rule, change: ObjectChange, again: Again): boolean {
    const { before, after } = change;
    const object = after ?? before;
    const kind = object && kindNameOf(object);
    if (!kind) return false;
    const isSubject = rule.subjects.includes(kind);
    if (isSubject && !after) {
      this.#found.get(rule)?.delete(objectKey(object));
    }
    if (!isSubject && !rule.inputs.includes(kind)) return false;
    const { rootNamespace } = this.#context.snapshot;
    const namespace = namespaceOf(object, kind);
    switch (rule.reachOf?.[kind] ?? rule.reach) {
      case 'object':
        if (isSubject && after) this.#ask(rule, after);
        return false;
      case 'host':
        if (isSubject && after) this.#ask(rule, after);
        return !this.#noteHosts(change, again.hosts);
      case 'namespace':
        again.namespaces.add(namespace);
        // Objects of the root namespace are about all others.
        again.namespaces.add(rootNamespace);
        return namespace === rootNamespace;
      default:
        return true;
    }
  }

  /** The names of what was and what is; false where they may be any. */
  #noteHosts({ before, after }: ObjectChange, hosts: Set<string>): boolean {
    for (const object of [before, after]) {
      const names = object && hostNamesOf(object, this.#context.snapshot);
      if (object && !names) return false;
      names?.forEach(name => hosts.add(name));
    }
    return true;
  }

  #followHosts(before: MeshSnapshot, changes: readonly ObjectChange[]): void {
    for (const change of changes) {
      const object = change.after ?? change.before;
      const kind = object && kindNameOf(object);
      const index = kind && this.#hosts.get(kind);
      if (change.before) index?.remove(change.before, before);
      if (change.after) index?.add(change.after, this.#context.snapshot);
    }
  }

  #askHosts(rule: Rule, names: ReadonlySet<string>): void {
    const { snapshot } = this.#context;
    for (const kind of rule.subjects) {
      const index = this.#hosts.get(kind) ?? HostIndex.of(kind, snapshot);
      this.#hosts.set(kind, index);
      for (const subject of index.sharing(names)) this.#ask(rule, subject);
    }
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
    (needs.includes('clock') &&
      (before.now !== after.now || before.certificates !== after.certificates))
  );
}
