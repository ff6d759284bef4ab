/** The text as a regular expression that only it matches. Source: RE2, QuoteMeta. */
export function quotePattern(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** What a pattern of plain text stands for; undefined where it is more than that. */
export function unquotePattern(pattern: string): string | undefined {
  const text = pattern.replace(/\\([^A-Za-z0-9])/g, '$1');
  return quotePattern(text) === pattern || !/[\\+*?()|[\]{}^$]/.test(pattern)
    ? text
    : undefined;
}

/** Matches a `Cookie` header that holds this cookie; Istio matches the whole header. */
export function cookiePattern(name: string, value: string): string {
  return `^(.*;\\s*)?${quotePattern(name)}=${quotePattern(value)}(;.*)?$`;
}

/** What people write around name and value: `^(.*?;)?(user=jason)(;.*)?$` and the like. */
const AROUND =
  /^\^?\((?:\?:)?\.\*\??;\??(?:\\s[*?]| [*?])?\)\?\(?([^=]+)=(.+?)\)?\((?:\?:)?;\.\*\)\?\$?$/;

/** The cookie that a pattern asks for, in the ways people write it; undefined where it is none. */
export function readCookiePattern(
  pattern: string,
): { name: string; value: string } | undefined {
  const parts = AROUND.exec(pattern);
  const name = parts ? unquotePattern(parts[1]) : undefined;
  const value = parts ? unquotePattern(parts[2]) : undefined;
  return name !== undefined && value !== undefined
    ? { name, value }
    : undefined;
}
