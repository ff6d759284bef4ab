import { Environment } from '@marcbachmann/cel-js';
import { isIpAddress } from './ipAddress';
import { isObject } from './json';

/** `url(...)` of Kubernetes' CEL library. */
class CelUrl {
  constructor(readonly parsed: URL) {}
}

function parseUrl(text: string): URL | undefined {
  // Kubernetes takes an absolute URI or an absolute path.
  if (text.startsWith('/')) {
    return URL.canParse(text, 'path://host')
      ? new URL(text, 'path://host')
      : undefined;
  }
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) && URL.canParse(text)
    ? new URL(text)
    : undefined;
}

function schemeOf(url: CelUrl): string {
  const scheme = url.parsed.protocol.slice(0, -1);
  return scheme === 'path' ? '' : scheme;
}

/** RE2's leading flags `(?i)` have no counterpart inside a JavaScript pattern. */
export function compileRe2(pattern: string): RegExp {
  const flags = /^(\^?)\(\?([is]+)\)/.exec(pattern);
  return flags
    ? new RegExp(flags[1] + pattern.slice(flags[0].length), flags[2])
    : new RegExp(pattern);
}

const patterns = new Map<string, RegExp>();

function matchesRe2(text: string, pattern: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = compileRe2(pattern);
    patterns.set(pattern, compiled);
  }
  return compiled.test(text);
}

/**
 * The functions of Kubernetes' CEL library that the Istio and Gateway API rules call and cel-js lacks.
 * `self` and `oldSelf` are dynamic: the schema has typed the values already.
 */
export function createCelEnvironment(): Environment {
  return new Environment({ homogeneousAggregateLiterals: false })
    .registerVariable('self', 'dyn')
    .registerVariable('oldSelf', 'dyn')
    .registerType('kubernetes.URL', CelUrl)
    .registerFunction(
      'isURL(string): bool',
      (text: string) => parseUrl(text) !== undefined,
    )
    .registerFunction('url(string): kubernetes.URL', (text: string) => {
      const parsed = parseUrl(text);
      if (!parsed) {
        throw new Error(
          `URL parse error during conversion from string: ${text}`,
        );
      }
      return new CelUrl(parsed);
    })
    .registerFunction('kubernetes.URL.getScheme(): string', schemeOf)
    .registerFunction('isIP(string): bool', (text: string) => isIpAddress(text))
    .registerFunction('hasField(dyn, string): bool', hasField)
    .registerFunction('string.matchesRe2(string): bool', matchesRe2);
}

function hasField(object: unknown, field: string): boolean {
  return isObject(object) && Object.hasOwn(object, field);
}

/**
 * Two constructs go to functions of ours: `matches`, to the RE2 reading of patterns, and `has(list[0].field)`,
 * whose indexed operand cel-js refuses.
 */
export function rewriteRule(rule: string): string {
  return rule
    .replaceAll('.matches(', '.matchesRe2(')
    .replace(/\bhas\(([\w.]+\[\d+\])\.(\w+)\)/g, 'hasField($1, "$2")');
}
