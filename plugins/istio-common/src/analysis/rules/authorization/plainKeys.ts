import { fieldsListOf, fieldsOf, textOf } from '../../../resources/fields';
import type { Rule, RuleFinding } from '../../types';

/** Kubernetes Services are called inside the cluster, where plain HTTP is the rule. */
function isInside(host: string): boolean {
  return !host.includes('.') || /\.svc(\.|$)/.test(host);
}

/** Source: istio/istio pilot/pkg/model jwks_resolver.go: istiod fetches the keys from the address as it is written. */
export const plainKeys: Rule = {
  code: 'ISB0621',
  name: 'request-authentication-keys-over-http',
  title: 'The keys that verify tokens are fetched over plain HTTP',
  severity: 'warning',
  explanation:
    'Whoever can change the answer on its way can put in a key of his own, and every token he signs is accepted.',
  remedy: 'Use the https address of the issuer’s keys.',
  equivalents: [],
  subjects: ['RequestAuthentication'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return fieldsListOf(fieldsOf(subject.spec).jwtRules).flatMap(
      (rule, index): RuleFinding[] => {
        const field = rule.jwksUri === undefined ? 'jwks_uri' : 'jwksUri';
        const address = textOf(rule[field]) ?? '';
        const host = /^http:\/\/([^/:]+)/i.exec(address)?.[1];
        return host === undefined || isInside(host)
          ? []
          : [
              {
                message: `The keys of ${
                  textOf(rule.issuer) ?? 'the issuer'
                } are fetched from ${host} without encryption.`,
                path: `spec.jwtRules[${index}].${field}`,
              },
            ];
      },
    );
  },
};
