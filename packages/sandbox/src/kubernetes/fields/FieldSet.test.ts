import fc from 'fast-check';
import { SchemaCatalog } from '../resources/SchemaCatalog';
import type { JsonObject } from '../json';
import { compareFields, fieldsOf } from './compareFields';
import { FieldSet } from './FieldSet';
import { mergeApplied } from './mergeApplied';

const sets: fc.Arbitrary<FieldSet> = fc
  .letrec(tie => ({
    node: fc.dictionary(
      fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:"1"', '.'),
      fc.oneof({ depthSize: 'small' }, fc.constant({}), tie('node')),
      { maxKeys: 3 },
    ),
  }))
  .node.map(json => FieldSet.parse({ 'f:root': json as JsonObject }));

describe('a field set', () => {
  it('survives writing and reading', () => {
    fc.assert(
      fc.property(sets, set => {
        expect(FieldSet.parse(set.toJson()).equals(set)).toBe(true);
      }),
    );
  });

  it('is a set', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        expect(a.union(b).equals(b.union(a))).toBe(true);
        expect(a.difference(b).intersection(b).isEmpty()).toBe(true);
        expect(a.difference(b).union(a.intersection(b)).equals(a)).toBe(true);
        expect(a.difference(a).isEmpty()).toBe(true);
      }),
    );
  });

  it('prints paths as Kubernetes does', () => {
    const set = FieldSet.parse({
      'f:spec': {
        'f:ports': {
          'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} },
        },
      },
      'f:metadata': { 'f:finalizers': { 'v:"x"': {} } },
    });
    expect(set.paths()).toEqual([
      '.metadata.finalizers[="x"]',
      '.spec.ports[port=80,protocol="TCP"]',
      '.spec.ports[port=80,protocol="TCP"].name',
    ]);
  });
});

describe('fields of objects', () => {
  const catalog = SchemaCatalog.load();
  const schemaOf = (id: string) =>
    catalog.types.find(type => type.id === id)!.versions[0].schema;
  const routes = schemaOf('virtualservices.networking.istio.io');
  const gateways = schemaOf('gateways.gateway.networking.k8s.io');

  it('routes are one field, listeners are one each', () => {
    const fields = (value: JsonObject, schema: typeof routes) =>
      fieldsOf({ spec: value }, schema, catalog).paths();
    expect(fields({ hosts: ['a'], http: [{ name: 'x' }] }, routes)).toEqual([
      '.spec.hosts',
      '.spec.http',
    ]);
    expect(fields({ listeners: [{ name: 'a', port: 80 }] }, gateways)).toEqual([
      '.spec.listeners[name="a"]',
      '.spec.listeners[name="a"].name',
      '.spec.listeners[name="a"].port',
    ]);
  });

  it('a change is added, removed or modified', () => {
    const { added, removed, modified } = compareFields(
      { spec: { hosts: ['a'], exportTo: ['.'] } },
      { spec: { hosts: ['b'], gateways: ['mesh'] } },
      routes,
      catalog,
    );
    expect([added.paths(), removed.paths(), modified.paths()]).toEqual([
      ['.spec.gateways'],
      ['.spec.exportTo'],
      ['.spec.hosts'],
    ]);
  });

  it('merging keeps other listeners and replaces whole route lists', () => {
    const merge = (
      live: JsonObject,
      applied: JsonObject,
      schema: typeof routes,
    ) =>
      (
        mergeApplied(
          { spec: live },
          { spec: applied },
          schema,
          catalog,
        ) as JsonObject
      ).spec;
    expect(
      merge(
        {
          listeners: [
            { name: 'a', port: 80 },
            { name: 'b', port: 81 },
          ],
        },
        {
          listeners: [
            { name: 'b', port: 82 },
            { name: 'c', port: 83 },
          ],
        },
        gateways,
      ),
    ).toEqual({
      listeners: [
        { name: 'a', port: 80 },
        { name: 'b', port: 82 },
        { name: 'c', port: 83 },
      ],
    });
    expect(
      merge(
        { http: [{ name: 'a' }, { name: 'b' }] },
        { http: [{ name: 'c' }] },
        routes,
      ),
    ).toEqual({ http: [{ name: 'c' }] });
  });
});
