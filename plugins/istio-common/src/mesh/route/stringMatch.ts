import { RE2JS } from 're2js';
import { fieldsOf } from '../../resources/fields';

/** A condition on a text. */
export type StringMatch =
  | { kind: 'exact'; value: string }
  | { kind: 'prefix'; value: string }
  | { kind: 'regex'; value: string }
  /** There, whatever it is. */
  | { kind: 'present' };

/**
 * Reads Istio's StringMatch. The regular expression `*` is none: it asks only that the thing is there,
 * as a match without a type does.
 *
 * Source: istio/istio pilot/pkg/networking/core/route canBeConvertedToPresentMatch (1.31).
 */
export function readStringMatch(value: unknown): StringMatch {
  const fields = fieldsOf(value);
  if (typeof fields.exact === 'string') {
    return { kind: 'exact', value: fields.exact };
  }
  if (typeof fields.prefix === 'string') {
    return { kind: 'prefix', value: fields.prefix };
  }
  if (typeof fields.regex === 'string' && fields.regex !== '*') {
    return { kind: 'regex', value: fields.regex };
  }
  return { kind: 'present' };
}

/** Whether the text meets the condition; a malformed regular expression is met by nothing. */
export function meets(match: StringMatch, text: string): boolean {
  switch (match.kind) {
    case 'exact':
      return text === match.value;
    case 'prefix':
      return text.startsWith(match.value);
    case 'regex':
      return compile(match.value)?.matches(text) ?? false;
    default:
      return true;
  }
}

const LIMIT = 1000;
const compiled = new Map<string, RE2JS | null>();

/** Envoy's RE2, full match. Compiled once per pattern, forgotten all at once when there are too many. */
function compile(pattern: string): RE2JS | null {
  const known = compiled.get(pattern);
  if (known !== undefined) {
    return known;
  }
  if (compiled.size >= LIMIT) {
    compiled.clear();
  }
  let expression: RE2JS | null = null;
  try {
    expression = RE2JS.compile(pattern);
  } catch {
    // Istio's webhook refuses such a pattern; stored anyway, it matches nothing.
  }
  compiled.set(pattern, expression);
  return expression;
}

/** `is /a`, `starts with /a`, for sentences. */
export function describeStringMatch(match: StringMatch): string {
  switch (match.kind) {
    case 'exact':
      return `is ${match.value}`;
    case 'prefix':
      return `starts with ${match.value}`;
    case 'regex':
      return `matches ${match.value}`;
    default:
      return 'is there';
  }
}
