import { SchemaCatalog } from '../resources/SchemaCatalog';
import type { JsonObject } from '../json';
import { applyJsonPatch } from './jsonPatch';
import { mergePatch } from './mergePatch';
import { strategicMergePatch } from './strategicMergePatch';

describe('merge patch (RFC 7386, appendix A)', () => {
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s', (target, patch, result) => {
    expect(mergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(
      JSON.parse(result),
    );
  });
});

describe('json patch', () => {
  it('leaves the object alone when a later operation fails', () => {
    const object = { a: [1, 2] };
    expect(() =>
      applyJsonPatch(object, [
        { op: 'add', path: '/a/-', value: 3 },
        { op: 'test', path: '/b', value: 1 },
      ]),
    ).toThrow('rejected our request');
    expect(object).toEqual({ a: [1, 2] });
  });

  it.each([
    [
      'add in the middle',
      [{ op: 'add', path: '/a/1', value: 9 }],
      { a: [1, 9, 2] },
    ],
    ['move', [{ op: 'move', from: '/a', path: '/b' }], { b: [1, 2] }],
    ['copy', [{ op: 'copy', from: '/a/0', path: '/a/-' }], { a: [1, 2, 1] }],
  ])('%s', (_name, patch, result) => {
    expect(applyJsonPatch({ a: [1, 2] }, patch)).toEqual(result);
  });

  it('refuses more operations than Kubernetes takes', () => {
    const patch = Array.from({ length: 10_001 }, () => ({
      op: 'add',
      path: '/a',
      value: 1,
    }));
    expect(() => applyJsonPatch({}, patch)).toThrow('10000');
  });
});

describe('strategic merge patch', () => {
  const catalog = SchemaCatalog.load();
  const [{ schema }] = catalog.types.find(
    type => type.id === 'services',
  )!.versions;
  const merge = (target: JsonObject, patch: JsonObject) =>
    strategicMergePatch(target, patch, schema, catalog);
  const ports = (...items: JsonObject[]) => ({ spec: { ports: items } });

  it('merges ports by number', () => {
    expect(
      merge(
        ports({ port: 80, name: 'http' }, { port: 81 }),
        ports({ port: 80, targetPort: 'web' }),
      ),
    ).toEqual(
      ports({ port: 80, name: 'http', targetPort: 'web' }, { port: 81 }),
    );
  });

  it.each([
    [
      'replaces a list',
      { spec: { ports: [{ $patch: 'replace' }, { port: 1 }] } },
      ports({ port: 1 }),
    ],
    [
      'deletes an item',
      ports({ port: 80, $patch: 'delete' }),
      ports({ port: 81 }),
    ],
    [
      'replaces an object',
      { spec: { $patch: 'replace', type: 'ClusterIP' } },
      { spec: { type: 'ClusterIP' } },
    ],
    [
      'ignores an order',
      { spec: { '$setElementOrder/ports': [{ port: 81 }] } },
      ports({ port: 80 }, { port: 81 }),
    ],
    [
      'keeps named keys only',
      { spec: { $retainKeys: ['type'], type: 'X' } },
      { spec: { type: 'X' } },
    ],
  ])('%s', (_name, patch, result) => {
    expect(merge(ports({ port: 80 }, { port: 81 }), patch)).toEqual(result);
  });

  it('removes values of a plain list', () => {
    const finalizers = (...items: string[]) => ({
      metadata: { finalizers: items },
    });
    expect(
      merge(finalizers('a', 'b'), {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] },
      }),
    ).toEqual(finalizers('b'));
    expect(merge(finalizers('a'), finalizers('a', 'c'))).toEqual(
      finalizers('a', 'c'),
    );
  });

  it('refuses directives it does not know', () => {
    expect(() => merge({}, { spec: { $patch: 'explode' } })).toThrow(
      'Unknown patch type',
    );
    expect(() => merge({}, { spec: { '$merge/x': [] } })).toThrow(
      'does not implement',
    );
  });
});
