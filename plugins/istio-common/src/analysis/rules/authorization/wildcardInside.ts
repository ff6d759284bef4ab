import { replacement } from '../../facts/fix';
import type { FindingFix, Rule } from '../../types';
import { listValues, type PolicyValue } from './policyTerms';

/** Lists whose values take a star at one end; of namespaces any star is one. */
const LISTS = [
  'principals',
  'requestPrincipals',
  'hosts',
  'methods',
  'paths',
].flatMap(name => [name, `not${name[0].toUpperCase()}${name.slice(1)}`]);
const CONDITIONS = [
  'source.principal',
  'request.auth.principal',
  'connection.sni',
];

/** A star that is taken as a character. */
function hasInnerStar(value: string): boolean {
  if (/\{\*\*?\}/.test(value)) return false;
  const rest = value.startsWith('*')
    ? value.slice(1)
    : value.replace(/\*$/, '');
  return rest.includes('*');
}

/** `/api/{*}/users` says what a star between two slashes was meant to say. */
function asTemplate({
  term,
  value,
  path,
}: PolicyValue): FindingFix | undefined {
  const parts = value.split('/');
  const whole = parts.every(part => part === '*' || !part.includes('*'));
  if (!/^(p|notP)aths$/.test(term.name) || !value.startsWith('/') || !whole) {
    return undefined;
  }
  const last = parts.length - 1;
  const template = parts
    .map((part, index) => {
      if (part !== '*') return part;
      return index === last ? '{**}' : '{*}';
    })
    .join('/');
  return replacement(`Write ${template}`, { path: path, value: template });
}

/** Source: istio/istio pilot/pkg/security/authz/matcher StringMatcher. */
export const wildcardInside: Rule = {
  code: 'ISB0613',
  name: 'authorization-policy-star-inside',
  title: 'A star inside a value of an authorization rule',
  severity: 'error',
  explanation:
    'A star is a wildcard only as the first or the last character, not both. Any other star is compared as a character, so the value matches nothing that anybody sends.',
  remedy:
    'Move the star to an end. In paths, {*} stands for one segment and {**} for any number of them.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listValues(subject, [...LISTS, ...CONDITIONS])
      .filter(({ value }) => hasInnerStar(value))
      .map(found => {
        const fix = asTemplate(found);
        return {
          message: `The star inside ${found.value} is taken as a character, not as a wildcard.`,
          path: found.path,
          ...(fix && { fix }),
        };
      });
  },
};
