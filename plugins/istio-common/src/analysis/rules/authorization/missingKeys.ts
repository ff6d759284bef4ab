import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/model jwks_resolver.go: without keys they are looked up at the issuer (OpenID discovery); a failure refuses every token. */
export const missingKeys: Rule = {
  code: 'ISB0622',
  name: 'request-authentication-without-keys',
  title: 'A JWT rule says nowhere where its keys are',
  severity: 'error',
  explanation:
    'Without jwks and jwksUri Istio asks the issuer’s address for them. An issuer that is no address cannot be asked: every token of it is refused.',
  remedy: 'Add jwksUri, or the keys themselves as jwks.',
  equivalents: [],
  subjects: ['RequestAuthentication'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return fieldsListOf(fieldsOf(subject.spec).jwtRules).flatMap(
      (rule, index) => {
        const issuer = textOf(rule.issuer) ?? '';
        const found =
          textOf(rule.jwks) ?? textOf(rule.jwksUri) ?? textOf(rule.jwks_uri);
        return found !== undefined || /^https?:\/\/./i.test(issuer)
          ? []
          : [
              {
                message: `Every token of ${
                  issuer || 'this issuer'
                } is refused: it has neither jwksUri nor jwks, and its issuer is no address to ask for keys.`,
                path: `spec.jwtRules[${index}]`,
              },
            ];
      },
    );
  },
};
