import type { SchemaNode } from './schemaNode';
import { isObject, jsonEqual } from './json';
import { compileRe2 } from './celEnvironment';
import { fieldError, type FieldError } from './fieldErrors';
import { FORMATS } from './formats';

const patterns = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = compileRe2(pattern);
    patterns.set(pattern, compiled);
  }
  return compiled.test(value);
}

/** The name of a JSON value's type as the API server prints it. */
export function typeName(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  if (typeof value === 'number') {
    return Number.isInteger(value) ? 'integer' : 'number';
  }
  return typeof value;
}

/** A type error, or undefined when the value has the node's type. */
export function checkType(
  value: unknown,
  node: SchemaNode,
  path: string,
): FieldError | undefined {
  const actual = typeName(value);
  if (node['x-kubernetes-int-or-string']) {
    return actual === 'integer' || actual === 'string'
      ? undefined
      : typeError(path, 'integer,string', actual);
  }
  const expected = node.type;
  if (expected === 'integer' && actual === 'number' && node.format) {
    return typeError(path, node.format, 'float64');
  }
  const fits =
    expected === undefined ||
    actual === expected ||
    (expected === 'number' && actual === 'integer') ||
    (value === null && node.nullable === true);
  return fits ? undefined : typeError(path, expected, actual);
}

function typeError(path: string, expected: string, actual: string): FieldError {
  return fieldError('FieldValueTypeInvalid', path, {
    value: actual,
    detail: `${path} in body must be of type ${expected}: "${actual}"`,
  });
}

/** Checks that concern the value itself and not what is in it. */
export function checkKeywords(
  value: unknown,
  node: SchemaNode,
  path: string,
): FieldError[] {
  const errors = node.enum ? checkEnum(value, node.enum, path) : [];
  if (typeof value === 'string') {
    errors.push(...checkString(value, node, path));
  } else if (typeof value === 'number') {
    errors.push(...checkNumber(value, node, path));
  } else if (Array.isArray(value)) {
    errors.push(...checkList(value, node, path));
  } else if (isObject(value)) {
    errors.push(...checkSize(Object.keys(value).length, node, path));
  }
  if (node.format && FORMATS[node.format] && !FORMATS[node.format](value)) {
    errors.push(formatError(value, node.format, path));
  }
  return errors;
}

/** A value outside its format. */
export function formatError(
  value: unknown,
  format: string,
  path: string,
): FieldError {
  // The API server names the field of a number inside the message.
  return typeof value === 'number'
    ? fieldError('FieldValueInvalid', '<nil>', {
        detail: `Checked value must be of type integer with format ${format} in ${path}`,
      })
    : fieldError('FieldValueInvalid', path, {
        // Base64 is where secrets are: what is wrong with it is said without it.
        value: format === 'byte' ? '' : value,
        detail:
          format === 'byte'
            ? 'illegal base64 data'
            : `${path} in body must be of type ${format}: ${JSON.stringify(
                value,
              )}`,
      });
}

function checkEnum(
  value: unknown,
  allowed: unknown[],
  path: string,
): FieldError[] {
  if (allowed.some(item => jsonEqual(item, value))) {
    return [];
  }
  const names = allowed.map(item => JSON.stringify(item)).join(', ');
  const detail = `supported values: ${names}`;
  return [fieldError('FieldValueNotSupported', path, { value, detail })];
}

function invalid(path: string, value: unknown, says: string): FieldError {
  return fieldError('FieldValueInvalid', path, {
    value,
    detail: `${path} in body ${says}`,
  });
}

function limit(node: SchemaNode, keyword: string): number | undefined {
  return node[keyword] as number | undefined;
}

function checkString(
  value: string,
  node: SchemaNode,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const length = [...value].length;
  const max = limit(node, 'maxLength');
  const min = limit(node, 'minLength');
  if (max !== undefined && length > max) {
    const detail = `may not be more than ${max} bytes`;
    errors.push(fieldError('FieldValueTooLong', path, { detail }));
  }
  if (min !== undefined && length < min) {
    errors.push(invalid(path, value, `should be at least ${min} chars long`));
  }
  const pattern = node.pattern as string | undefined;
  if (pattern !== undefined && !matches(pattern, value)) {
    errors.push(invalid(path, value, `should match '${pattern}'`));
  }
  return errors;
}

function checkNumber(
  value: number,
  node: SchemaNode,
  path: string,
): FieldError[] {
  const min = limit(node, 'minimum');
  const max = limit(node, 'maximum');
  if (min !== undefined && value < min) {
    const says = `should be greater than or equal to ${min}`;
    return [invalid(path, value, says)];
  }
  if (max !== undefined && value > max) {
    return [invalid(path, value, `should be less than or equal to ${max}`)];
  }
  return [];
}

function tooMany(path: string, value: number, max: number): FieldError {
  const detail = `must have at most ${max} items`;
  return fieldError('FieldValueTooMany', path, { value, detail });
}

function checkList(
  value: unknown[],
  node: SchemaNode,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const max = limit(node, 'maxItems');
  const min = limit(node, 'minItems');
  if (max !== undefined && value.length > max) {
    errors.push(tooMany(path, value.length, max));
  }
  if (min !== undefined && value.length < min) {
    const says = `should have at least ${min} items`;
    errors.push(invalid(path, value.length, says));
  }
  return [...errors, ...checkUnique(value, node, path)];
}

/** Items of `set` and `map` lists must differ in their value or key. */
function checkUnique(
  value: unknown[],
  node: SchemaNode,
  path: string,
): FieldError[] {
  const keys = node['x-kubernetes-list-map-keys'];
  const isSet = node['x-kubernetes-list-type'] === 'set';
  if (!isSet && !keys) {
    return [];
  }
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const key =
      keys && isObject(item)
        ? Object.fromEntries(
            keys.filter(name => name in item).map(name => [name, item[name]]),
          )
        : item;
    const text = JSON.stringify(key);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    const field = `${path}[${index}]`;
    return [fieldError('FieldValueDuplicate', field, { value: key })];
  });
}

function checkSize(size: number, node: SchemaNode, path: string): FieldError[] {
  const max = limit(node, 'maxProperties');
  const min = limit(node, 'minProperties');
  if (max !== undefined && size > max) {
    return [tooMany(path, size, max)];
  }
  if (min !== undefined && size < min) {
    return [invalid(path, size, `should have at least ${min} properties`)];
  }
  return [];
}
