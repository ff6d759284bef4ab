import { replacement } from '../../facts/fix';
import type { Rule, RuleFinding } from '../../types';
import { listValues } from './policyTerms';

/** Source: RFC 9110, methods are case-sensitive; istio.io reference AuthorizationPolicy: a gRPC call is a POST. */
export const unmatchableMethod: Rule = {
  code: 'ISB0615',
  name: 'authorization-policy-unmatchable-method',
  title: 'An authorization rule names a method that no request has',
  severity: 'error',
  explanation:
    'Methods are compared as they are sent, in capitals. A method in small letters matches no request, and neither does the name of a gRPC method: to Istio that is a path.',
  remedy:
    'Write methods in capitals; a gRPC method is the path /package.Service/Method.',
  equivalents: ['KIA0102'],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return listValues(subject, [
      'methods',
      'notMethods',
      'request.headers[:method]',
    ]).flatMap(({ value, path }): RuleFinding[] => {
      if (value.includes('/')) {
        return [
          {
            message: `${value} is no HTTP method; a gRPC method is matched by its path.`,
            path,
          },
        ];
      }
      const capitals = value.toUpperCase();
      return capitals === value
        ? []
        : [
            {
              message: `${value} matches no request: methods are compared in capitals.`,
              path,
              fix: replacement(`Write ${capitals}`, {
                path: path,
                value: capitals,
              }),
            },
          ];
    });
  },
};
