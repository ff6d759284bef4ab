/** Keywords kept; everything else (description, title, example, externalDocs) is prose or unused by the server. */
const SCALARS = new Set([
  '$ref',
  'type',
  'format',
  'enum',
  'pattern',
  'default',
  'nullable',
  'required',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-patch-strategy',
]);
const ONE = new Set(['items', 'not', 'additionalProperties']);
const MANY = new Set(['oneOf', 'anyOf', 'allOf']);

type Node = Record<string, unknown>;

function compactRule(rule: Node): Node {
  const { description: _prose, ...kept } = rule;
  return kept;
}

/** The schema without prose; property order kept. */
export function compactSchema(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const result: Node = {};
  for (const [key, value] of Object.entries(schema)) {
    if (SCALARS.has(key)) {
      result[key] = value;
    } else if (ONE.has(key)) {
      result[key] = compactSchema(value);
    } else if (MANY.has(key)) {
      result[key] = (value as unknown[]).map(compactSchema);
    } else if (key === 'properties') {
      result[key] = Object.fromEntries(
        Object.entries(value as Node).map(([name, child]) => [
          name,
          compactSchema(child),
        ]),
      );
    } else if (key === 'x-kubernetes-validations') {
      result[key] = (value as Node[]).map(compactRule);
    }
  }
  return result;
}
