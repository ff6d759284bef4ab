import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { apiVersionOf, type KindName } from '../resources/kinds';
import type { KubeObject } from '../resources/types';
import { validateObject } from './validateObject';

interface Case {
  name: string;
  metadata?: Partial<KubeObject['metadata']>;
  spec: Record<string, unknown>;
  errors?: string[];
  /** Starts of the lines, where their rest is not ours to fix. */
  errorsLike?: string[];
  warnings?: string[];
}

const folder = join(__dirname, 'cases');
const tables = readdirSync(folder).map(
  file =>
    load(readFileSync(join(folder, file), 'utf8')) as {
      kind: KindName;
      cases: Case[];
    },
);

describe.each(tables.map(table => [table.kind, table.cases] as const))(
  'validateObject of %s',
  (kind, cases) => {
    it.each(cases.map(test => [test.name, test] as const))('%s', (_, test) => {
      const result = validateObject({
        apiVersion: apiVersionOf(kind),
        kind,
        metadata: { name: 'x', namespace: 'catalog', ...test.metadata },
        spec: test.spec,
      });
      const starts = test.errorsLike;
      expect({
        ...result,
        errors: result.errors.map((line, index) =>
          line.slice(0, starts?.[index]?.length),
        ),
      }).toEqual({
        judged: true,
        errors: starts ?? test.errors ?? [],
        warnings: test.warnings ?? [],
      });
    });
  },
);

describe('validateObject', () => {
  it('does not judge kinds it does not know', () => {
    expect(
      validateObject({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'x' },
        spec: { rules: 'nonsense' },
      }),
    ).toEqual({ judged: false, errors: [], warnings: [] });
  });

  it('survives any shape of a spec', () => {
    for (const { kind, cases } of tables) {
      for (const spec of [undefined, null, 'text', 7, [], [null]]) {
        const object = {
          apiVersion: apiVersionOf(kind),
          kind,
          metadata: { name: 'x' },
          spec,
        } as unknown as KubeObject;
        expect(() => validateObject(object)).not.toThrow();
      }
      for (const { spec } of cases) {
        for (const field of Object.keys(spec)) {
          for (const value of ['text', 7, [7], [[]], { a: [1] }, [{ a: 1 }]]) {
            const object = {
              apiVersion: apiVersionOf(kind),
              kind,
              metadata: { name: 'x' },
              spec: { ...spec, [field]: value },
            } as KubeObject;
            expect(() => validateObject(object)).not.toThrow();
          }
        }
      }
    }
  });
});
