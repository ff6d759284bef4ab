import { replacement } from '../../facts/fix';
import { listStringMatches, type PlacedMatch } from '../../facts/stringMatches';
import type { Rule, RuleFinding } from '../../types';

/** Headers that hold several things, of which a regular expression is after one. */
const COMPOUND = new Set(['cookie', 'user-agent', 'authorization', 'accept']);
const META = /[\\^$.*+?()[\]{}|]/;

/** Source: istio.io reference, StringMatch.regex; Envoy's safe_regex matches the whole text. */
export const regexMatchesWhole: Rule = {
  code: 'ISB0123',
  name: 'virtual-service-regex-matches-whole',
  title: 'A regular expression is written as if it searched inside the text',
  severity: 'info',
  explanation:
    'Istio’s regular expressions have to match the whole text, with or without ^ and $. An expression for a part of it, /api or user=jason, matches only texts that are nothing but that part.',
  remedy:
    'Put .* before and after what may stand anywhere, or use prefix or exact where that is meant.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listStringMatches(subject)
      .filter(({ kind }) => kind === 'regex')
      .flatMap(match => explain(match) ?? []);
  },
};

function explain({
  on,
  name,
  value,
  path,
}: PlacedMatch): RuleFinding | undefined {
  const bare = value.replace(/^\^/, '').replace(/(^|[^\\])\$$/, '$1');
  if (on === 'header' && COMPOUND.has(name)) {
    return bare !== '' && !opensAtStart(bare) && !opensAtEnd(bare)
      ? {
          message: `Matches only where the header ${name} is nothing else: the expression ${value} has to match all of it.`,
          path: `${path}.regex`,
          severity: 'warning',
        }
      : undefined;
  }
  if (bare === '' || META.test(bare)) return undefined;
  const finding: RuleFinding = {
    message: `The expression ${value} matches ${bare} and nothing longer, as exact would.`,
    path: `${path}.regex`,
  };
  return on === 'uri'
    ? {
        ...finding,
        fix: replacement('Say exact', { path, value: { exact: bare } }),
      }
    : finding;
}

/** Whether anything may come first; an alternative is given the benefit of the doubt. */
function opensAtStart(expression: string): boolean {
  return (
    expression.includes('|') ||
    /^(\(\?[a-z]+\))?(\((\?[:a-zA-Z<>]+)?)*(\.|\[\^?[^\]]*\]|\\[SWDs])[*+{]/.test(
      expression,
    )
  );
}

function opensAtEnd(expression: string): boolean {
  return expression.includes('|') || /[*+}]\??\)*[?*+]?\)*$/.test(expression);
}
