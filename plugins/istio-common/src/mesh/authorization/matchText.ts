/**
 * Exact, `prefix*`, `*suffix`, or `*` for any text that is not empty. A leading star wins: in `*a*` the
 * second one is a character.
 *
 * Source: istio/istio pilot/pkg/security/authz/matcher StringMatcher.
 */
export function matchesText(pattern: string, value: string): boolean {
  if (pattern === '*') {
    return value !== '';
  }
  if (pattern.startsWith('*')) {
    return value.endsWith(pattern.slice(1));
  }
  return pattern.endsWith('*')
    ? value.startsWith(pattern.slice(0, -1))
    : value === pattern;
}

/** A header's value; `*` asks only that the header is there, even if empty. Source: HeaderMatcher. */
export function matchesHeader(
  pattern: string,
  value: string | undefined,
): boolean {
  if (value === undefined) {
    return false;
  }
  return pattern === '*' || matchesText(pattern, value);
}

/** The text as a regular expression that means just the text. */
export function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
