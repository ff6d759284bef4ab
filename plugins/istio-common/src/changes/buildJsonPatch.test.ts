import fc from 'fast-check';
import { applyJsonPatch } from '../resources/applyJsonPatch';
import { buildJsonPatch, isEqualJson, type PatchEdit } from './buildJsonPatch';

const json = fc
  .dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 4 }), {
    maxKeys: 5,
    noNullPrototype: true,
  })
  .filter(map => !Object.hasOwn(map, '__proto__'))
  .map(value => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

const send = (edits: PatchEdit[]) =>
  edits.map(edit => ({
    op: edit.op,
    path: edit.path,
    value: edit.op === 'remove' ? undefined : edit.value,
  }));

describe('buildJsonPatch', () => {
  it('turns any value into any other', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const patched = applyJsonPatch(
          before,
          send(buildJsonPatch(before, after)),
        );
        expect(isEqualJson(patched, after)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('has all its old values where their paths say, before any edit', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const tests = buildJsonPatch(before, after).flatMap(edit =>
          edit.op === 'add'
            ? []
            : [{ op: 'test' as const, path: edit.path, value: edit.old }],
        );
        expect(applyJsonPatch(before, tests)).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['equal', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [
      'one leaf',
      { a: [{ w: 1, x: 9 }] },
      { a: [{ w: 2, x: 9 }] },
      [{ op: 'replace', path: '/a/0/w', value: 2, old: 1 }],
    ],
    [
      'appended',
      { a: [1] },
      { a: [1, 2] },
      [{ op: 'add', path: '/a/1', value: 2 }],
    ],
    [
      'removed from the middle',
      { a: [1, 2, 3] },
      { a: [1, 3] },
      [{ op: 'remove', path: '/a/1', old: 2 }],
    ],
    [
      'keys with / and ~',
      { 'a/b': { '~': 1 } },
      { 'a/b': { '~': 2 } },
      [{ op: 'replace', path: '/a~1b/~0', value: 2, old: 1 }],
    ],
    [
      'map to list',
      { a: {} },
      { a: [] },
      [{ op: 'replace', path: '/a', value: [], old: {} }],
    ],
    ['undefined is absent', { a: 1, b: undefined }, { a: 1 }, []],
  ])('%s', (_, before, after, edits) => {
    expect(buildJsonPatch(before, after)).toEqual(edits);
  });
});
