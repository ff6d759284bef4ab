import { listStringMatches, type PlacedMatch } from '../../facts/stringMatches';
import type { Rule } from '../../types';

/** Source: Envoy's RouteMatch: path, prefix and safe_regex are compared without the query string. */
export const queryInPath: Rule = {
  code: 'ISB0124',
  name: 'virtual-service-query-in-path',
  title: 'A condition on the path asks for a query string',
  severity: 'warning',
  explanation:
    'The path is compared without what follows the question mark. A condition that asks for one there is never met.',
  remedy:
    'Ask for the parameter with queryParams, and for the path without it.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listStringMatches(subject)
      .filter(match => match.on === 'uri' && asksForQuery(match))
      .map(({ kind, value, path }) => ({
        message: `Never met: paths are compared without the query string, and ${value} asks for a question mark.`,
        path: `${path}.${kind}`,
      }));
  },
};

/** In an expression the question mark may stand in a part that need not be there. */
function asksForQuery({ kind, value }: PlacedMatch): boolean {
  if (kind !== 'regex') return value.includes('?');
  return (
    /(\\|\[)\?/.test(value) &&
    !value.includes('|') &&
    !/\([^()]*(\\|\[)\?.*\)[?*]/.test(value) &&
    !/(\\\?|\[\?\])[?*]/.test(value) &&
    !/\[[^\]]+\?[^\]]*\]|\[\?[^\]]+\]/.test(value)
  );
}
