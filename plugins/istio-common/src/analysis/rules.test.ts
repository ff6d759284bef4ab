import { applyJsonPatch } from '../resources/applyJsonPatch';
import { describeObject } from '../resources/objectKey';
import type { KubeObject } from '../resources/types';
import { withObjects } from '../snapshot/buildSnapshot';
import type { MeshSnapshot } from '../snapshot/types';
import { analyze } from './analyze';
import {
  contextOfCase,
  readRuleFiles,
  recordReads,
  type RuleCase,
} from './__testUtils__/ruleCases.testdata';
import { RULES } from './rules';
import type { MeshFinding, Rule } from './types';

const files = readRuleFiles();
const ruleFiles = files.filter(({ rules }) => rules.length > 0);

function runCase(rule: Rule, ruleCase: RuleCase) {
  return analyze({ rules: [rule], ...contextOfCase(ruleCase) });
}

function nameOf({ object }: MeshFinding): string {
  return describeObject({ cluster: '', ...object });
}

/** Whether the finding is all that the case says of it. */
function satisfies(
  found: MeshFinding,
  expected: RuleCase['findings'][number],
): boolean {
  return (
    nameOf(found) === expected.object &&
    found.path === expected.path &&
    found.message.includes(expected.message ?? '') &&
    (expected.severity ?? found.severity) === found.severity &&
    (found.fix?.title ?? '').includes(expected.fix ?? '')
  );
}

function findObject(
  snapshot: MeshSnapshot,
  rule: Rule,
  finding: MeshFinding,
): KubeObject {
  const object = rule.subjects
    .flatMap(kind => snapshot.list(kind))
    .find(candidate => describeObject(candidate) === nameOf(finding));
  if (!object) throw new Error(`no ${nameOf(finding)} in the world`);
  return object;
}

describe('the list of rules', () => {
  it('holds the one rule of every file, in the order of the codes', () => {
    expect(ruleFiles.map(({ path, rules }) => [path, rules.length])).toEqual(
      ruleFiles.map(({ path }) => [path, 1]),
    );
    expect([...RULES].sort((a, b) => (a.code < b.code ? -1 : 1))).toEqual(
      RULES,
    );
    expect(new Set(ruleFiles.flatMap(({ rules }) => rules))).toEqual(
      new Set(RULES),
    );
  });

  it('gives each rule a code and a name of its own', () => {
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
    for (const { code, name, equivalents } of RULES) {
      expect(code).toMatch(/^ISB\d{4}$/);
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const equivalent of equivalents) {
        expect(equivalent).toMatch(/^(IST|KIA)\d{4}$/);
      }
    }
  });
});

describe.each(ruleFiles.map(file => [file.path, file] as const))(
  '%s',
  (_, { rules: [rule], cases }) => {
    it.each(cases.map(ruleCase => [ruleCase.name, ruleCase] as const))(
      '%s',
      (_name, ruleCase) => {
        const { findings, skipped } = runCase(rule, ruleCase);
        expect(skipped.map(({ reason }) => reason)).toEqual(
          ruleCase.skipped ? [ruleCase.skipped] : [],
        );
        expect(
          findings.map(finding => `${nameOf(finding)} ${finding.path}`).sort(),
        ).toEqual(
          ruleCase.findings
            .map(({ object, path }) => `${object} ${path}`)
            .sort(),
        );
        expect(
          ruleCase.findings.filter(
            expected => !findings.some(found => satisfies(found, expected)),
          ),
        ).toEqual([]);
      },
    );

    it('reads no kind that it does not declare', () => {
      const read = cases.flatMap(ruleCase => {
        const { snapshot, ...rest } = contextOfCase(ruleCase);
        const recorder = recordReads(snapshot);
        analyze({ rules: [rule], snapshot: recorder.snapshot, ...rest });
        return [...recorder.reads];
      });
      const declared: readonly string[] = [...rule.subjects, ...rule.inputs];
      expect(
        [...new Set(read)].filter(kind => !declared.includes(kind)),
      ).toEqual([]);
    });

    it('has a good and a bad example, and as many clean worlds as firing ones', () => {
      const firing = cases.filter(({ findings }) => findings.length > 0);
      const clean = cases.filter(
        ({ findings, skipped }) => findings.length === 0 && !skipped,
      );
      expect(firing.some(({ example }) => example === 'bad')).toBe(true);
      expect(clean.some(({ example }) => example === 'good')).toBe(true);
      expect(clean.length).toBeGreaterThanOrEqual(firing.length);
    });

    it('mends what it says it mends', () => {
      for (const ruleCase of cases) {
        const { findings } = runCase(rule, ruleCase);
        for (const finding of findings.filter(({ fix }) => fix)) {
          const { snapshot, ...rest } = contextOfCase(ruleCase);
          const object = findObject(snapshot, rule, finding);
          const mended = withObjects(snapshot, {
            replace: [applyJsonPatch(object, finding.fix!.patch)],
          });
          const after = analyze({
            rules: [rule],
            snapshot: mended,
            ...rest,
          }).findings.filter(other => nameOf(other) === nameOf(finding));
          expect(after.map(({ message }) => message)).not.toContain(
            finding.message,
          );
        }
      }
    });
  },
);
