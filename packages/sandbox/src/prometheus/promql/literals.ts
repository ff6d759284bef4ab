import { Matcher, PromqlExecutionError, PromqlParseError } from './types';

const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};

const DURATION =
  /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of a Prometheus duration (`1h30m`); undefined when the text is not one. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match || text === '') return undefined;
  const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms'];
  return units.reduce(
    (sum, unit, index) => sum + Number(match[index + 1] ?? 0) * UNIT_MS[unit],
    0,
  );
}

/** Value of a PromQL number literal: decimal, exponent, hexadecimal, `Inf`, `NaN`. */
export function parseNumber(literal: string): number {
  const sign = /^([+-])\s*/.exec(literal);
  const text = sign ? literal.slice(sign[0].length) : literal;
  const value = parseUnsigned(text);
  return sign?.[1] === '-' ? -value : value;
}

function parseUnsigned(text: string): number {
  if (/^inf$/i.test(text)) return Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (/^0x[0-9a-f]+$/i.test(text)) return parseInt(text, 16);
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (parseDuration(text) !== undefined) {
    throw new PromqlExecutionError(
      `the sandbox does not evaluate a duration as a number: ${text}`,
    );
  }
  throw new PromqlParseError(`bad number or duration syntax: "${text}"`);
}

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Content of a PromQL string literal: Go's escapes in quotes, nothing escaped in backticks. */
export function parseString(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`')) return body;
  return body.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])/g,
    (_, escape: string) => {
      if (/^[xuU]./.test(escape)) {
        return String.fromCodePoint(parseInt(escape.slice(1), 16));
      }
      if (/^[0-7]{3}$/.test(escape)) {
        return String.fromCodePoint(parseInt(escape, 8));
      }
      const plain = ESCAPES[escape];
      if (plain === undefined) {
        throw new PromqlParseError(`unknown escape sequence \\${escape}`);
      }
      return plain;
    },
  );
}

/**
 * An anchored regular expression as Prometheus reads it (RE2). What JavaScript reads differently from
 * RE2, or RE2 does not have, is refused.
 */
export function compileRegex(source: string): RegExp {
  let pattern = source;
  let flags = 's';
  const lead = /^\(\?([is]+)\)/.exec(pattern);
  if (lead) {
    pattern = pattern.slice(lead[0].length);
    if (lead[1].includes('i')) flags += 'i';
  }
  // The second of two backslashes is a character, and escapes nothing.
  const constructs = pattern.replace(/\\\\/g, 'x');
  if (/\(\?[=!<P]|\\[1-9]|\\k</.test(constructs)) {
    throw new PromqlParseError(
      `error parsing regexp: invalid or unsupported Perl syntax in \`${source}\``,
    );
  }
  if (/\(\?[a-zA-Z-]+[:)]|\[\[:|\\[AzQEpPCx]|[*+?}]\+/.test(constructs)) {
    throw new PromqlExecutionError(
      `the sandbox does not evaluate this regular expression: ${source}`,
    );
  }
  try {
    return new RegExp(`^(?:${pattern})$`, flags);
  } catch {
    throw new PromqlParseError(`error parsing regexp: \`${source}\``);
  }
}

/** Builds one matcher; regular expressions are compiled once. */
export function createMatcher(
  label: string,
  op: Matcher['op'],
  value: string,
): Matcher {
  return op === '=~' || op === '!~'
    ? { label, op, value, regex: compileRegex(value) }
    : { label, op, value };
}

/** Whether a label's value (empty for a missing label) satisfies the matcher. */
export function matches(matcher: Matcher, value: string): boolean {
  switch (matcher.op) {
    case '=':
      return value === matcher.value;
    case '!=':
      return value !== matcher.value;
    case '=~':
      return matcher.regex!.test(value);
    default:
      return !matcher.regex!.test(value);
  }
}
