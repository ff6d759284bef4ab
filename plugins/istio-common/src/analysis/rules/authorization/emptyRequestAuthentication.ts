import { readRequestAuthentication } from '../../../resources/requestAuthentication';
import type { Rule } from '../../types';

export const emptyRequestAuthentication: Rule = {
  code: 'ISB0620',
  name: 'request-authentication-without-rules',
  title: 'A RequestAuthentication has no rule',
  severity: 'warning',
  explanation:
    'Without jwtRules no token is looked at, neither good nor bad ones: the object does nothing.',
  remedy: 'Add the issuer to jwtRules, or delete the object.',
  equivalents: [],
  subjects: ['RequestAuthentication'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readRequestAuthentication(subject).rules.length > 0
      ? []
      : [
          {
            message: 'It names no issuer, so no token is verified.',
            path: 'spec.jwtRules',
          },
        ];
  },
};
