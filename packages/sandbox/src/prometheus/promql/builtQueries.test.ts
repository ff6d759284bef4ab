import {
  buildGoldenSignalQueries,
  buildObservationQueries,
} from '@istio-backstage/plugin-istio-common';
import fc from 'fast-check';
import { parsePromql } from './parsePromql';
import type { Matcher } from './types';

/** Names that would be more than a value if they were only put between quotes. */
const HOSTILE = [
  'a"b',
  'a\\',
  'a\\"',
  '"} or up{x="',
  '"}[5m])) or vector(1) #',
  'x\n# comment',
  'x\r\n',
  '\u0000',
  '\u2028',
  '`',
  "'",
  'a|b',
  '.*',
  '^$',
  '(?i)x',
  '\\Qx\\E',
  '[a-z]+',
  '${x}',
  '{{x}}',
  'payments',
  'ключ',
  '\ud83d\ude80',
];
const name = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ minLength: 1, unit: 'binary' }),
);

/** Every value of every selector, and the query without them. */
function read(query: string): { matchers: Matcher[]; shape: string } {
  const matchers: Matcher[] = [];
  const shape = JSON.stringify(parsePromql(query), (key, value) => {
    if (key !== 'matchers') return value;
    const list = value as Matcher[];
    matchers.push(...list);
    return list.map(({ label, op }) => `${label}${op}`);
  });
  return { matchers, shape };
}

function expectSame(
  build: (namespace: string, workloads: string[]) => Record<string, string>,
  namespace: string,
  workloads: string[],
): void {
  const harmless = build(
    'ns',
    workloads.map((_, index) => `w${index}`),
  );
  for (const [query, text] of Object.entries(build(namespace, workloads))) {
    const expected = read(harmless[query]);
    const built = read(text);
    expect(built.shape).toBe(expected.shape);
    built.matchers.forEach((matcher, index) => {
      const { label, op, value } = expected.matchers[index];
      if (value === 'ns') {
        expect(matcher).toMatchObject({ label, op, value: namespace });
      } else if (/^w\d/.test(value)) {
        expectNames(matcher, workloads);
      } else {
        expect(matcher.value).toBe(value);
      }
    });
  }
}

/** It selects these and, as far as anybody can try, no others. */
function expectNames(
  { op, value, regex }: Matcher,
  workloads: readonly string[],
): void {
  if (op === '=') {
    expect([value]).toEqual(workloads);
    return;
  }
  for (const each of workloads) expect(regex?.test(each)).toBe(true);
  for (const other of [...HOSTILE, '', 'w', `${workloads[0]}x`]) {
    expect(regex?.test(other)).toBe(workloads.includes(other));
  }
}

/** By Prometheus' own grammar; the sandbox's parser is compared with a real Prometheus elsewhere. */
describe('the product’s queries', () => {
  it('select one namespace and nothing else, whatever its name is', () => {
    expect(() =>
      fc.assert(
        fc.property(name, namespace =>
          expectSame(
            given => ({
              ...buildObservationQueries({ namespace: given, seconds: 60 }),
            }),
            namespace,
            [],
          ),
        ),
        { numRuns: 150 },
      ),
    ).not.toThrow();
  });

  it('select the workloads they are given and nothing else, whatever their names are', () => {
    expect(() =>
      fc.assert(
        fc.property(
          name,
          fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
          (namespace, workloads) =>
            expectSame(
              (given, names) =>
                buildGoldenSignalQueries({
                  workloads: names.map(each => ({
                    namespace: given,
                    name: each,
                  })),
                  rateSeconds: 60,
                }),
              namespace,
              workloads,
            ),
        ),
        { numRuns: 150 },
      ),
    ).not.toThrow();
  });
});
