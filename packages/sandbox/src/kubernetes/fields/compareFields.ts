import type { SchemaCatalog } from '../resources/SchemaCatalog';
import type { SchemaNode } from '@istio-backstage/plugin-istio-common/schema';
import { isObject, jsonEqual, type JsonObject } from '../json';
import { FieldSet } from './FieldSet';
import { fieldOf, itemElement, structureOf } from './structure';

/** The fields an object consists of, as an applied configuration owns them. */
export function fieldsOf(
  value: unknown,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): FieldSet {
  const structure = structureOf(value, reference, catalog);
  if (structure.kind === 'leaf') {
    return FieldSet.leaf();
  }
  const children = new Map<string, FieldSet>();
  if (structure.kind === 'list') {
    for (const item of value as unknown[]) {
      const inside = fieldsOf(item, structure.items, catalog);
      children.set(
        itemElement(item, structure.node, catalog),
        FieldSet.of(true, new Map(inside.children)),
      );
    }
    return FieldSet.of(false, children);
  }
  for (const [key, child] of Object.entries(value as JsonObject)) {
    const field = fieldOf(structure.node, key);
    const inside = fieldsOf(child, field.reference, catalog);
    const empty = isObject(child) && Object.keys(child).length === 0;
    const member = inside.member || empty || !field.declared;
    children.set(`f:${key}`, FieldSet.of(member, new Map(inside.children)));
  }
  return FieldSet.of(false, children);
}

interface FieldComparison {
  added: FieldSet;
  removed: FieldSet;
  modified: FieldSet;
}

const NOTHING: FieldComparison = {
  added: FieldSet.EMPTY,
  removed: FieldSet.EMPTY,
  modified: FieldSet.EMPTY,
};

/** Which fields came, went and changed between two states of an object. */
export function compareFields(
  before: unknown,
  after: unknown,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): FieldComparison {
  if (before === undefined || after === undefined) {
    const whole = wholeOf(before ?? after, reference, catalog);
    return before === undefined
      ? { ...NOTHING, added: whole }
      : { ...NOTHING, removed: whole };
  }
  const left = structureOf(before, reference, catalog);
  const right = structureOf(after, reference, catalog);
  if (left.kind === 'map' && right.kind === 'map') {
    return compareMaps(
      before as JsonObject,
      after as JsonObject,
      right.node,
      catalog,
    );
  }
  if (left.kind === 'list' && right.kind === 'list') {
    return compareLists({
      before: before as unknown[],
      after: after as unknown[],
      node: right.node,
      catalog,
    });
  }
  return jsonEqual(before, after)
    ? NOTHING
    : { ...NOTHING, modified: FieldSet.leaf() };
}

/** A value that came or went as a whole: it and every field in it. */
function wholeOf(
  value: unknown,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): FieldSet {
  const structure = structureOf(value, reference, catalog);
  const children = new Map<string, FieldSet>();
  if (structure.kind === 'map') {
    for (const [key, child] of Object.entries(value as JsonObject)) {
      const field = fieldOf(structure.node, key);
      children.set(`f:${key}`, wholeOf(child, field.reference, catalog));
    }
  } else if (structure.kind === 'list') {
    for (const item of value as unknown[]) {
      const key = itemElement(item, structure.node, catalog);
      children.set(key, wholeOf(item, structure.items, catalog));
    }
  }
  return FieldSet.of(true, children);
}

function gather(parts: Map<string, FieldComparison>): FieldComparison {
  const pick = (which: keyof FieldComparison) =>
    FieldSet.of(
      false,
      new Map([...parts].map(([key, part]) => [key, part[which]])),
    );
  return {
    added: pick('added'),
    removed: pick('removed'),
    modified: pick('modified'),
  };
}

function compareMaps(
  before: JsonObject,
  after: JsonObject,
  node: SchemaNode,
  catalog: SchemaCatalog,
): FieldComparison {
  const parts = new Map<string, FieldComparison>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!jsonEqual(before[key], after[key])) {
      const { reference } = fieldOf(node, key);
      parts.set(
        `f:${key}`,
        compareFields(before[key], after[key], reference, catalog),
      );
    }
  }
  return gather(parts);
}

function compareLists(options: {
  before: unknown[];
  after: unknown[];
  node: SchemaNode;
  catalog: SchemaCatalog;
}): FieldComparison {
  const { node, catalog } = options;
  const index = (list: unknown[]) =>
    new Map(list.map(item => [itemElement(item, node, catalog), item]));
  const before = index(options.before);
  const after = index(options.after);
  const parts = new Map<string, FieldComparison>();
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const items = node.items ?? {};
    parts.set(
      key,
      compareFields(before.get(key), after.get(key), items, catalog),
    );
  }
  return gather(parts);
}
