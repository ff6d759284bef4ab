import { barePath } from '../../../mesh/authorization/matchPath';
import { replacement } from '../../facts/fix';
import type { Rule, RuleFinding } from '../../types';
import { listValues } from './policyTerms';

/** Source: istio/istio pilot/pkg/security/authz/matcher PathMatcher: the path without query and fragment. */
export const unmatchablePath: Rule = {
  code: 'ISB0614',
  name: 'authorization-policy-unmatchable-path',
  title: 'An authorization rule names a path that no request has',
  severity: 'error',
  explanation:
    'Paths are compared without query and fragment, and every path begins with a slash. A value with a question mark, or without the slash, matches no request.',
  remedy: 'Begin the path with a slash and leave the query away.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listValues(subject, ['paths', 'notPaths']).flatMap(
      ({ value, path }): RuleFinding[] => {
        const bare = barePath(value);
        const rooted = /^[/*{]/.test(value);
        if (rooted && bare === value) return [];
        const mended = rooted ? bare : `/${bare}`;
        return [
          {
            message: rooted
              ? `${value} matches nothing: paths are compared without the query.`
              : `${value} matches nothing: a path begins with a slash.`,
            path,
            fix: replacement(`Write ${mended}`, { path: path, value: mended }),
          },
        ];
      },
    );
  },
};
