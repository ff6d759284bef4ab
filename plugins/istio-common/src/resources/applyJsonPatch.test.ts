import { applyJsonPatch } from './applyJsonPatch';

const document = { a: { 'b/c': [1, 2] }, 'd~e': true };

describe('applyJsonPatch', () => {
  it.each<[string, Parameters<typeof applyJsonPatch>[1], unknown]>([
    [
      'adds to a list and at its end',
      [
        { op: 'add', path: '/a/b~1c/0', value: 0 },
        { op: 'add', path: '/a/b~1c/-', value: 3 },
      ],
      { a: { 'b/c': [0, 1, 2, 3] }, 'd~e': true },
    ],
    [
      'replaces and removes',
      [
        { op: 'replace', path: '/d~0e', value: false },
        { op: 'remove', path: '/a/b~1c/0' },
      ],
      { a: { 'b/c': [2] }, 'd~e': false },
    ],
    [
      'goes on after a test that holds',
      [
        { op: 'test', path: '/d~0e', value: true },
        { op: 'add', path: '/f', value: {} },
      ],
      { ...document, f: {} },
    ],
    ['replaces the whole', [{ op: 'replace', path: '', value: 1 }], 1],
  ])('%s', (_, patch, expected) => {
    expect(applyJsonPatch<unknown>(document, patch)).toEqual(expected);
    expect(document).toEqual({ a: { 'b/c': [1, 2] }, 'd~e': true });
  });

  it.each<[string, Parameters<typeof applyJsonPatch>[1][number]]>([
    ['a field that is not there', { op: 'remove', path: '/g' }],
    ['below a field that is not there', { op: 'add', path: '/g/h', value: 1 }],
    ['below a scalar', { op: 'add', path: '/d~0e/h', value: 1 }],
    ['beyond the end', { op: 'add', path: '/a/b~1c/9', value: 1 }],
    ['a test that fails', { op: 'test', path: '/d~0e', value: false }],
  ])('refuses %s', (_, operation) => {
    expect(() => applyJsonPatch<unknown>(document, [operation])).toThrow();
  });
});
