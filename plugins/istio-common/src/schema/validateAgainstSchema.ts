import type { SchemaNode, SchemaReferences } from './schemaNode';
import { isObject, jsonEqual, type JsonObject } from './json';
import { checkCelRules, hasCelRules } from './celRules';
import { checkStructure } from './checkStructure';
import type { FieldError } from './fieldErrors';

interface SchemaVerdict {
  errors: FieldError[];
  /** CEL rules nobody could evaluate. */
  notEvaluated: string[];
}

/** Errors after which CEL rules could meet values they were not written for. */
const BLOCKING = new Set<FieldError['reason']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const NOT_CHECKED: FieldError = {
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
};

/**
 * The verdict of a CRD's schema on a pruned and defaulted object: structure first, then CEL.
 * With `previous`, values that did not change are not judged again (ratcheting).
 */
export function validateAgainstSchema(options: {
  object: JsonObject;
  previous?: JsonObject;
  schema: SchemaNode;
  references: SchemaReferences;
  /** What was found before: it can keep the CEL rules from being evaluated too. */
  before?: FieldError[];
}): SchemaVerdict {
  const { object, previous, schema, references, before = [] } = options;
  const errors = checkStructure(object, schema, references).filter(
    error => !previous || changed(error.field, object, previous),
  );
  if ([...before, ...errors].some(error => BLOCKING.has(error.reason))) {
    const unchecked = hasCelRules(schema) ? [NOT_CHECKED] : [];
    return { errors: [...errors, ...unchecked], notEvaluated: [] };
  }
  const cel = checkCelRules({ object, previous, schema, references });
  return {
    errors: [...errors, ...cel.errors],
    notEvaluated: cel.notEvaluated,
  };
}

/**
 * Whether the part of the object that a field path lies in differs from before. List items do not correlate in
 * atomic lists, so the comparison stops at the first list.
 */
function changed(
  field: string,
  object: JsonObject,
  previous: JsonObject,
): boolean {
  let now: unknown = object;
  let before: unknown = previous;
  for (const part of field.split('[')[0].split('.')) {
    if (jsonEqual(now, before)) {
      return false;
    }
    if (!isObject(now) || !isObject(before) || !(part in now)) {
      return true;
    }
    now = now[part];
    before = before[part];
  }
  return !jsonEqual(now, before);
}
