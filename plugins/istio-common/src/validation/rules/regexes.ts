import type { Field } from '../Field';

const LONGEST = 1024;

/** A regular expression in RE2's syntax. Source: validateStringRegexp. */
export function checkRegex(field: Field, pattern: string): void {
  const why = explainRegex(pattern);
  if (why) {
    field.error(`${why}; Istio takes RE2 expressions`);
  }
}

/**
 * Why RE2 would refuse a pattern. What RE2 lacks (look-around, back-references) and what it spells
 * differently is handled here, the rest of the grammar is the one of this language.
 */
export function explainRegex(pattern: string): string | undefined {
  if (new TextEncoder().encode(pattern).length > LONGEST) {
    return `the expression is longer than ${LONGEST} bytes`;
  }
  if (/\(\?<?[=!]/.test(stripClassesAndEscapes(pattern))) {
    return 'look-ahead and look-behind are not allowed';
  }
  const escape = findBadEscape(pattern);
  if (escape) {
    return `${escape} is not allowed`;
  }
  const repeat = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].find(
    ([, least, most]) => Number(least) > 1000 || Number(most ?? 0) > 1000,
  );
  if (repeat) {
    return `${repeat[0]} repeats more than 1000 times`;
  }
  try {
    // Compiled for its syntax alone, never run.
    RegExp(toNativeSyntax(pattern));
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? lowerFirst(error.message)
      : 'is no regular expression';
  }
}

function stripClassesAndEscapes(pattern: string): string {
  return pattern.replace(/\\[\s\S]/g, '__').replace(/\[\^?\]?[^\]]*\]/g, '_');
}

/** Escapes RE2 does not know: back-references and letters without a meaning. */
function findBadEscape(pattern: string): string | undefined {
  const quoted = pattern.replace(/\\Q[\s\S]*?(\\E|$)/g, '');
  for (const [escape, character] of quoted.matchAll(/\\([\s\S])/g)) {
    if (
      /[1-9]/.test(character) ||
      !/[^A-Za-z]|[aftnrvxdDsSwWpPbBAzCQE]/.test(character)
    ) {
      return escape;
    }
  }
  return undefined;
}

/** Spellings that only RE2 has, replaced by harmless ones of the same grammar. */
function toNativeSyntax(pattern: string): string {
  return pattern
    .replace(/\\Q([\s\S]*?)(\\E|$)/g, 'q')
    .replace(/\[\[:\^?\w+:\]\]/g, '\\w')
    .replace(/\[:\^?\w+:\]/g, 'a-z')
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[imsU]*(-[imsU]+)?\)/g, '')
    .replace(/\(\?[imsU]*(-[imsU]+)?:/g, '(?:')
    .replace(/\\[Az]/g, '')
    .replace(/\\[pP](\w|\{\^?\w+\})/g, '\\w')
    .replace(/\\x\{[0-9a-fA-F]+\}/g, 'x');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
