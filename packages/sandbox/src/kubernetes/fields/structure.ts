import type { SchemaCatalog } from '../resources/SchemaCatalog';
import type { SchemaNode } from '@istio-backstage/plugin-istio-common/schema';
import { isObject, type JsonObject } from '../json';

/** How a value takes part in field ownership: whole (atomic) or by its parts. */
type FieldStructure =
  | { kind: 'leaf' }
  | { kind: 'map'; node: SchemaNode }
  | { kind: 'list'; node: SchemaNode; items: SchemaNode };

/** Anything that no schema describes: objects by field, lists whole. */
const UNTYPED: SchemaNode = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
};

/**
 * Lists are atomic unless the schema says `map` or `set`; objects are granular unless it says `atomic`
 * (structural schemas and server-side apply, kubernetes.io/docs).
 */
export function structureOf(
  value: unknown,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): FieldStructure {
  const node = catalog.resolve(reference);
  if (Array.isArray(value)) {
    const type = node['x-kubernetes-list-type'] ?? 'atomic';
    return type === 'atomic' || !node.items
      ? { kind: 'leaf' }
      : { kind: 'list', node, items: node.items };
  }
  if (isObject(value)) {
    return node['x-kubernetes-map-type'] === 'atomic'
      ? { kind: 'leaf' }
      : { kind: 'map', node };
  }
  return { kind: 'leaf' };
}

/** Schema of one field of a granular object; `declared` when the schema names it. */
export function fieldOf(
  node: SchemaNode,
  key: string,
): { reference: SchemaNode; declared: boolean } {
  const property =
    node.properties && Object.hasOwn(node.properties, key)
      ? node.properties[key]
      : undefined;
  if (property) {
    return { reference: property, declared: true };
  }
  return {
    reference: isObject(node.additionalProperties)
      ? (node.additionalProperties as SchemaNode)
      : UNTYPED,
    declared: false,
  };
}

/** Path element of a list item: by its keys (missing ones by their default), or by its value. */
export function itemElement(
  item: unknown,
  node: SchemaNode,
  catalog: SchemaCatalog,
): string {
  const keys = node['x-kubernetes-list-map-keys'];
  if (!keys || !isObject(item)) {
    return `v:${JSON.stringify(item)}`;
  }
  const itemNode = node.items ? catalog.resolve(node.items) : {};
  const key: JsonObject = {};
  for (const name of [...keys].sort()) {
    const value = item[name] ?? itemNode.properties?.[name]?.default;
    if (value !== undefined) {
      key[name] = value;
    }
  }
  return `k:${JSON.stringify(key)}`;
}
