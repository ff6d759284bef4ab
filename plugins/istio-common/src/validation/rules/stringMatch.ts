import type { Field } from '../Field';
import { checkRegex } from './regexes';
import { checkTexts } from './shapes';

/** `exact`, `prefix` or `regex`; an empty prefix or expression matches nothing anybody means. Source: validateStringMatch. */
export function checkStringMatch(match: Field): void {
  if (match.at('prefix').isSet && match.at('prefix').text() === '') {
    match.at('prefix').error('must not be empty');
  }
  checkStringMatchRegex(match);
}

/** Of a URI match only the expression is judged: an empty prefix is fine there. Source: validateStringMatchRegexp. */
export function checkStringMatchRegex(match: Field): void {
  checkTexts(match, ['exact', 'prefix']);
  const regex = match.at('regex');
  if (!regex.isSet) {
    return;
  }
  const pattern = regex.text();
  if (pattern === '') {
    regex.error('must not be empty');
  } else {
    checkRegex(regex, pattern);
  }
}
