import type { Environment } from '@marcbachmann/cel-js';
import type { CelRule, SchemaNode, SchemaReferences } from './schemaNode';
import { isObject, jsonEqual, type JsonObject } from './json';
import { createCelEnvironment, rewriteRule } from './celEnvironment';
import { typeName } from './checkKeywords';
import {
  fieldError,
  type FieldError,
  type FieldErrorReason,
} from './fieldErrors';

type Program = (context: JsonObject) => unknown;

let environment: Environment | undefined;
const programs = new Map<string, Program | string>();

/** The compiled rule, or why it cannot be compiled. */
export function compileRule(rule: string): Program | string {
  let program = programs.get(rule);
  if (program === undefined) {
    environment ??= createCelEnvironment();
    try {
      const parsed = environment.parse(rewriteRule(rule));
      const checked = parsed.check();
      program = checked.valid
        ? parsed
        : firstLine(checked.error?.message ?? 'it does not type-check');
    } catch (error) {
      program = firstLine(String((error as Error).message));
    }
    programs.set(rule, program);
  }
  return program;
}

function firstLine(text: string): string {
  return text.split('\n')[0];
}

/** CEL reserves these words: a field of that name is written `__name__` in a rule. */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Of declared fields only, of which there are few; rules ask for them again and again. */
const escaped = new Map<string, string>();

function escapeName(name: string): string {
  let result = escaped.get(name);
  if (result === undefined) {
    result = writeEscaped(name);
    escaped.set(name, result);
  }
  return result;
}

function writeEscaped(name: string): string {
  if (RESERVED.has(name)) {
    return `__${name}__`;
  }
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/** The object as rules see it: whole numbers as CEL ints, declared fields under their escaped names. */
function toCelValue(
  value: unknown,
  reference: SchemaNode,
  references: SchemaReferences,
): unknown {
  const node = references.resolve(reference);
  if (typeof value === 'number') {
    const whole =
      node.type === 'integer' ||
      (node.type === undefined && Number.isInteger(value));
    return whole && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(item => toCelValue(item, node.items ?? {}, references));
  }
  if (!isObject(value)) {
    return value;
  }
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const property = node.properties?.[key];
    const rest = isObject(node.additionalProperties)
      ? (node.additionalProperties as SchemaNode)
      : {};
    result[property ? escapeName(key) : key] = toCelValue(
      child,
      property ?? rest,
      references,
    );
  }
  return result;
}

interface CelFindings {
  errors: FieldError[];
  /** Rules nobody could evaluate, with the reason: never to be taken as passed. */
  notEvaluated: string[];
}

/** Evaluates every CEL rule of the schema on the object; rules on `oldSelf` only when there was an object before. */
export function checkCelRules(options: {
  object: JsonObject;
  previous?: JsonObject;
  schema: SchemaNode;
  references: SchemaReferences;
}): CelFindings {
  const findings: CelFindings = { errors: [], notEvaluated: [] };
  walk({
    value: options.object,
    previous: options.previous,
    reference: options.schema,
    path: '',
    references: options.references,
    findings,
  });
  return findings;
}

const withRules = new WeakMap<object, boolean>();

/** Whether a CRD's schema has CEL rules anywhere. */
export function hasCelRules(node: object): boolean {
  let found = withRules.get(node);
  if (found === undefined) {
    found =
      'x-kubernetes-validations' in node ||
      Object.values(node).some(
        child => typeof child === 'object' && child && hasCelRules(child),
      );
    withRules.set(node, found);
  }
  return found;
}

interface Step {
  value: unknown;
  previous: unknown;
  reference: SchemaNode;
  path: string;
  references: SchemaReferences;
  findings: CelFindings;
}

function walk(step: Step): void {
  const node = step.references.resolve(step.reference);
  const rules = node['x-kubernetes-validations'];
  // Ratcheting: what did not change is not judged again.
  if (
    rules &&
    (step.previous === undefined || !jsonEqual(step.value, step.previous))
  ) {
    evaluateRules(rules, node, step);
  }
  if (Array.isArray(step.value) && node.items) {
    const { items } = node;
    step.value.forEach((value, index) =>
      walk({
        ...step,
        value,
        previous: previousItem(step.previous, value, node),
        reference: items,
        path: `${step.path}[${index}]`,
      }),
    );
  } else if (isObject(step.value)) {
    walkFields(step.value, node, step);
  }
}

/** Items correlate only in lists with keys: in the others a rule on a transition has no counterpart. */
function previousItem(
  previous: unknown,
  value: unknown,
  node: SchemaNode,
): unknown {
  const keys = node['x-kubernetes-list-map-keys'];
  if (!Array.isArray(previous) || !keys || !isObject(value)) {
    return undefined;
  }
  return previous.find(
    item => isObject(item) && keys.every(key => item[key] === value[key]),
  );
}

function walkFields(value: JsonObject, node: SchemaNode, step: Step): void {
  for (const [key, child] of Object.entries(value)) {
    const property = node.properties?.[key];
    const reference =
      property ??
      (isObject(node.additionalProperties)
        ? (node.additionalProperties as SchemaNode)
        : undefined);
    if (reference) {
      walk({
        ...step,
        value: child,
        previous: isObject(step.previous) ? step.previous[key] : undefined,
        reference,
        path: property
          ? `${step.path}${step.path ? '.' : ''}${key}`
          : `${step.path}[${key}]`,
      });
    }
  }
}

function evaluateRules(rules: CelRule[], node: SchemaNode, step: Step): void {
  const self = toCelValue(step.value, node, step.references);
  for (const rule of rules) {
    const onTransition = /\boldSelf\b/.test(rule.rule);
    if (onTransition && step.previous === undefined) {
      continue;
    }
    const program = compileRule(rule.rule);
    if (typeof program === 'string') {
      step.findings.notEvaluated.push(
        `${step.path}: ${rule.rule} (${program})`,
      );
      continue;
    }
    const context: JsonObject = { self };
    if (onTransition) {
      context.oldSelf = toCelValue(step.previous, node, step.references);
    }
    const failure = failureOf(program, context);
    if (failure !== undefined) {
      step.findings.errors.push(describe(rule, step, failure));
    }
  }
}

/** Undefined: the rule holds. A rule that ends in an error refuses the object, as in Kubernetes. */
function failureOf(program: Program, context: JsonObject): string | undefined {
  try {
    return program(context) === true ? undefined : '';
  } catch (error) {
    return wordError(firstLine(String((error as Error).message)));
  }
}

/** cel-js' words for an evaluation error, as Kubernetes' evaluator puts them. */
const WORDS: [RegExp, string][] = [
  [
    /^Invalid duration string.*/,
    "type conversion error from 'string' to 'google.protobuf.Duration'",
  ],
  [/^int\(\) type error.*/, "type conversion error from 'string' to 'int'"],
  [/^No such key/, 'no such key'],
  [/^string\.substring.*out of range/, 'index out of range'],
];

function wordError(message: string): string {
  return WORDS.reduce(
    (text, [pattern, words]) => text.replace(pattern, words),
    message,
  );
}

function describe(rule: CelRule, step: Step, failure: string): FieldError {
  const field = `${step.path}${rule.fieldPath ?? ''}`;
  const says = (rule.message ?? rule.rule).trim();
  if (failure !== '') {
    const value = typeName(step.value);
    const detail = `${failure} evaluating rule: ${says}`;
    return fieldError('FieldValueInvalid', field, { value, detail });
  }
  const detail = rule.message ? says : `failed rule: ${says}`;
  const reason = (rule.reason ?? 'FieldValueInvalid') as FieldErrorReason;
  // The value is printed for scalars only.
  return typeof step.value === 'object'
    ? { reason, field, message: `Invalid value: ${detail}` }
    : fieldError(reason, field, { value: step.value, detail });
}
