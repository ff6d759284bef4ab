import type { SchemaNode, SchemaReferences } from './schemaNode';
import { isObject, type JsonObject } from './json';
import { checkKeywords, checkType, formatError } from './checkKeywords';
import { fieldError, type FieldError } from './fieldErrors';

/**
 * Checks a value against a schema and words what is wrong as the API server does. A walker of its own and not a
 * compiled validator: the words and the order of the errors are part of the API, and the first write of a kind
 * must not wait for a compilation.
 */
export function checkStructure(
  value: unknown,
  schema: SchemaNode,
  references: SchemaReferences,
): FieldError[] {
  return check({ value, reference: schema, path: '', references });
}

interface Step {
  value: unknown;
  reference: SchemaNode;
  path: string;
  references: SchemaReferences;
}

function check(step: Step): FieldError[] {
  const { value, path, references } = step;
  const node = references.resolve(step.reference);
  const typeError = checkType(value, node, path);
  if (typeError) {
    return typeof value === 'number' && node.type === 'integer'
      ? [typeError, formatError(value, node.format ?? 'int64', path)]
      : [typeError];
  }
  if (value === null) {
    return [];
  }
  const errors = [
    ...checkKeywords(value, node, path),
    ...checkAlternatives(step, node),
  ];
  if (Array.isArray(value) && node.items) {
    const { items } = node;
    value.forEach((item, index) =>
      errors.push(
        ...check({
          value: item,
          reference: items,
          path: `${path}[${index}]`,
          references,
        }),
      ),
    );
  } else if (isObject(value)) {
    errors.push(...checkFields(value, node, step));
  }
  return errors;
}

function checkFields(
  value: JsonObject,
  node: SchemaNode,
  { path, references }: Step,
): FieldError[] {
  const child = (name: string) => (path ? `${path}.${name}` : name);
  const errors = (node.required ?? [])
    .filter(name => !Object.hasOwn(value, name))
    .map(name => fieldError('FieldValueRequired', child(name)));
  for (const [name, field] of Object.entries(value)) {
    const property = node.properties?.[name];
    const rest = isObject(node.additionalProperties)
      ? (node.additionalProperties as SchemaNode)
      : undefined;
    const reference = property ?? rest;
    if (reference) {
      errors.push(
        ...check({ value: field, reference, path: child(name), references }),
      );
    }
  }
  return errors;
}

/** oneOf, anyOf, allOf, not: the API server names the field inside the message and not beside it. */
function checkAlternatives(step: Step, node: SchemaNode): FieldError[] {
  const errors: FieldError[] = [];
  const fits = (reference: SchemaNode) =>
    check({ ...step, reference }).length === 0;
  const refuse = (says: string) =>
    errors.push(
      fieldError('FieldValueInvalid', '<nil>', {
        value: '',
        detail: `"${step.path}" must ${says}`,
      }),
    );
  if (node.oneOf) {
    const count = node.oneOf.filter(fits).length;
    if (count !== 1) {
      const found =
        count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`;
      refuse(`validate one and only one schema (oneOf). ${found}`);
    }
  }
  if (node.anyOf && !node.anyOf.some(fits)) {
    refuse('validate at least one schema (anyOf)');
  }
  if (node.not && fits(node.not)) {
    refuse('not validate the schema (not)');
  }
  for (const part of node.allOf ?? []) {
    errors.push(...check({ ...step, reference: part }));
  }
  return errors;
}
