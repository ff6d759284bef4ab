import { escapeRegex, matchesText } from './matchText';

/** Envoy's URI templates: `*` is one part that is not empty, `**` any number of them. */
const ONE_PART = "[a-zA-Z0-9\\-._~%!$&'()*+,;:@=]+";
const ANY_PARTS = "[/a-zA-Z0-9\\-._~%!$&'()*+,;:@=]*";

/**
 * A test of paths by a policy's pattern: text with one star at an end, or a template with `{*}` and `{**}`.
 *
 * Source: istio/istio pilot/pkg/security/authz/matcher PathMatcher and PathTemplateMatcher.
 */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  if (!pattern.includes('{*}') && !pattern.includes('{**}')) {
    return path => matchesText(pattern, path);
  }
  const template = pattern.replaceAll('{**}', '**').replaceAll('{*}', '*');
  const regex = new RegExp(
    `^${template
      .split('**')
      .map(part => part.split('*').map(escapeRegex).join(ONE_PART))
      .join(ANY_PARTS)}$`,
  );
  return path => regex.test(path);
}

/** What path matchers see: neither query nor fragment. */
export function barePath(path: string): string {
  const end = path.search(/[?#]/);
  return end < 0 ? path : path.slice(0, end);
}
