import fc from 'fast-check';
import { SMALL } from '../traffic/__fixtures__/smallWorld';
import { loadScenario } from './loadScenario';
import { checkScenario, parseScenario, ScenarioError } from './parseScenario';

function problemsOf(yaml: string): string[] {
  try {
    parseScenario(yaml, 'test');
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseScenario', () => {
  it.each([
    ['rate: 20', 'rate: -1', /^workloads\[0\]\.sends\[0\]\.rate: /],
    [
      'replicas: 2',
      'replicas: two',
      /^workloads\[0\]\.versions\[0\]\.replicas: /,
    ],
    ['mesh: sidecar', 'mesh: linkerd', /^namespaces\[0\]\.mesh: .*sidecar/],
    [
      'to: store.shop',
      'to: stroe.shop',
      /^workloads\[2\]\.calls\[0\]\.to: no service or host `stroe\.shop`; known: api\.shop, store\.shop/,
    ],
    [
      'historyDays: 1',
      'historyDay: 1',
      /^the file: unknown field `historyDay`/,
    ],
    [
      'namespace: outside',
      'namespace: outsid',
      /^workloads\[1\]\.namespace: no namespace/,
    ],
  ])('names the field when %s becomes %s', (from, to, expected) => {
    expect(SMALL).toContain(from);
    const problems = problemsOf(SMALL.replace(from, to));
    expect(problems.some(problem => expected.test(problem))).toBe(true);
  });

  it('says what it read when it is not YAML', () => {
    expect(problemsOf('a: [')[0]).toMatch(/^not YAML: /);
  });

  it('says which file it looked for', () => {
    expect(() => loadScenario('nothing')).toThrow(/no file .*nothing\.yaml/);
  });

  it('answers anything with a scenario or a ScenarioError', () => {
    fc.assert(
      fc.property(fc.anything(), input => {
        const outcome = (() => {
          try {
            return checkScenario(input, 'anything');
          } catch (error) {
            return error;
          }
        })();
        const isScenario =
          typeof outcome === 'object' && 'clusters' in outcome!;
        expect(isScenario || outcome instanceof ScenarioError).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
