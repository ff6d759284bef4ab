import type { SchemaCatalog } from '../resources/SchemaCatalog';
import type { SchemaNode } from '@istio-backstage/plugin-istio-common/schema';
import { cloneJson, isObject, type JsonObject } from '../json';
import type { FieldSet } from './FieldSet';
import { fieldOf, itemElement, structureOf } from './structure';

/** The live object with an applied configuration laid over it: granular parts merge, atomic ones are replaced. */
export function mergeApplied(
  live: unknown,
  applied: unknown,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): unknown {
  if (applied === undefined) {
    return cloneJson(live);
  }
  const structure = structureOf(applied, reference, catalog);
  if (structure.kind === 'map' && isObject(live)) {
    const result: JsonObject = {};
    const keys = new Set([
      ...Object.keys(live),
      ...Object.keys(applied as JsonObject),
    ]);
    for (const key of keys) {
      const field = fieldOf(structure.node, key);
      const value = (applied as JsonObject)[key];
      // A null in an applied configuration clears the field.
      if (value !== null) {
        result[key] = mergeApplied(live[key], value, field.reference, catalog);
      }
    }
    return result;
  }
  if (structure.kind === 'list' && Array.isArray(live)) {
    return mergeLists(live, applied as unknown[], structure.node, catalog);
  }
  return cloneJson(applied);
}

/** Live items keep their places; new ones come last in the configuration's order. */
function mergeLists(
  live: unknown[],
  applied: unknown[],
  node: SchemaNode,
  catalog: SchemaCatalog,
): unknown[] {
  const items = node.items ?? {};
  const wanted = new Map(
    applied.map(item => [itemElement(item, node, catalog), item]),
  );
  const result = live.map(item => {
    const key = itemElement(item, node, catalog);
    const value = wanted.get(key);
    wanted.delete(key);
    return mergeApplied(item, value, items, catalog);
  });
  return [...result, ...[...wanted.values()].map(item => cloneJson(item))];
}

/** The value without the given fields; containers that become empty are dropped with them when they are members. */
export function removeFields(
  value: unknown,
  fields: FieldSet,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): unknown {
  if (fields.isEmpty()) {
    return value;
  }
  const structure = structureOf(value, reference, catalog);
  if (structure.kind === 'map') {
    const result: JsonObject = {};
    for (const [key, child] of Object.entries(value as JsonObject)) {
      const inside = fields.child(`f:${key}`);
      if (!inside.member) {
        const { reference: next } = fieldOf(structure.node, key);
        result[key] = removeFields(child, inside, next, catalog);
      }
    }
    return result;
  }
  if (structure.kind === 'list') {
    return (value as unknown[]).flatMap(item => {
      const inside = fields.child(itemElement(item, structure.node, catalog));
      return inside.member
        ? []
        : [removeFields(item, inside, structure.items, catalog)];
    });
  }
  return value;
}
