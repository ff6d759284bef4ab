import type { SchemaNode, SchemaReferences } from './schemaNode';
import { cloneJson, isObject, type JsonObject } from './json';

interface ShapedObject {
  object: JsonObject;
  /** Paths of the fields that were dropped (`spec.http[0].foo`). */
  unknownFields: string[];
}

const defaulted = new WeakMap<SchemaNode, [string, SchemaNode][]>();

/** Fields with a default. Defaults stand beside a reference, never behind it. */
function defaultedFields(node: SchemaNode): [string, SchemaNode][] {
  let fields = defaulted.get(node);
  if (!fields) {
    fields = Object.entries(node.properties ?? {}).filter(
      ([, property]) => property.default !== undefined,
    );
    defaulted.set(node, fields);
  }
  return fields;
}

class Shaper {
  readonly unknownFields: string[] = [];

  constructor(
    private readonly references: SchemaReferences,
    private readonly defaults: boolean,
  ) {}

  shape(value: unknown, reference: SchemaNode, path: string): unknown {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const node = this.references.resolve(reference);
    if (Array.isArray(value)) {
      const { items } = node;
      return items
        ? value.map((item, index) =>
            this.shape(item, items, `${path}[${index}]`),
          )
        : cloneJson(value);
    }
    return this.shapeFields(value as JsonObject, node, path);
  }

  private shapeFields(
    value: JsonObject,
    node: SchemaNode,
    path: string,
  ): JsonObject {
    const result: JsonObject = {};
    // Objects made in code may carry undefined fields: JSON would leave them out.
    const keys = Object.keys(value).filter(key => value[key] !== undefined);
    for (const key of keys) {
      const childPath = path ? `${path}.${key}` : key;
      const child = this.childOf(node, key);
      if (child === undefined || key === '__proto__') {
        this.unknownFields.push(childPath);
      } else if (child === 'any') {
        result[key] = cloneJson(value[key]);
      } else if (
        value[key] !== null ||
        !this.defaults ||
        this.references.resolve(child).nullable
      ) {
        result[key] = this.shape(value[key], child, childPath);
      }
    }
    if (this.defaults) {
      this.fillDefaults(result, node, path);
    }
    return result;
  }

  private childOf(
    node: SchemaNode,
    key: string,
  ): SchemaNode | 'any' | undefined {
    const property =
      node.properties && Object.hasOwn(node.properties, key)
        ? node.properties[key]
        : undefined;
    if (property) {
      return property;
    }
    if (isObject(node.additionalProperties)) {
      return node.additionalProperties as SchemaNode;
    }
    const open =
      node.additionalProperties === true ||
      node['x-kubernetes-preserve-unknown-fields'] ||
      (!node.properties && node.type === undefined);
    return open ? 'any' : undefined;
  }

  private fillDefaults(
    result: JsonObject,
    node: SchemaNode,
    path: string,
  ): void {
    for (const [key, property] of defaultedFields(node)) {
      if (!Object.hasOwn(result, key)) {
        result[key] = this.shape(
          cloneJson(property.default),
          property,
          path ? `${path}.${key}` : key,
        );
      }
    }
  }
}

/**
 * Prunes fields that the schema does not know and fills in its defaults, as a structural CRD schema does.
 * A null of a field that may not be null counts as absent; without `defaults` it stays, since an applied
 * configuration clears a field with it. The input is not touched.
 */
export function shapeObject(
  object: JsonObject,
  schema: SchemaNode,
  references: SchemaReferences,
  options: { defaults: boolean } = { defaults: true },
): ShapedObject {
  const shaper = new Shaper(references, options.defaults);
  const shaped = shaper.shape(object, schema, '') as JsonObject;
  return { object: shaped, unknownFields: shaper.unknownFields };
}
