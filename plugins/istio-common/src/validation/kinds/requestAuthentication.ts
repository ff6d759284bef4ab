import { type Field, quote } from '../Field';
import { checkNotEmpty } from '../rules/authorizationValues';
import { checkDuration } from '../rules/durations';
import { checkJwks } from '../rules/jwks';
import { checkPolicyTargets } from '../rules/policyTargets';
import { checkFlags, checkTexts } from '../rules/shapes';
import { parseGoUrl } from '../rules/urls';
import type { KindValidator } from '../types';

/** Source: istio/istio pkg/config/validation ValidateRequestAuthentication. */
export const validateRequestAuthentication: KindValidator = ({ spec }) => {
  checkPolicyTargets(spec);
  spec.at('jwtRules').items().forEach(checkJwtRule);
};

function checkJwtRule(rule: Field): void {
  if (rule.at('issuer').text() === '' && rule.at('jwksUri').text() === '') {
    rule.error(
      'must have an issuer or a jwksUri, or nobody knows whose tokens these are',
    );
  }
  for (const name of ['audiences', 'fromParams', 'fromCookies']) {
    checkNotEmpty(rule.at(name));
  }
  checkJwksUri(rule.at('jwksUri'));
  checkJwks(rule.at('jwks'));
  for (const header of rule.at('fromHeaders').items()) {
    checkTexts(header, ['prefix']);
    if (header.at('name').text() === '') {
      header.at('name').error('is required: the header that carries the token');
    }
  }
  rule.at('outputClaimToHeaders').items().forEach(checkClaimToHeader);
  rule.at('spaceDelimitedClaims').texts();
  checkTexts(rule, ['outputPayloadToHeader']);
  checkFlags(rule, ['forwardOriginalToken']);
  checkDuration(rule.at('timeout'));
}

/** Source: security.ParseJwksURI. */
function checkJwksUri(field: Field): void {
  const text = field.text();
  if (text === '') {
    return;
  }
  const url = parseGoUrl(text);
  if (typeof url === 'string') {
    field.error(url);
  } else if (!['http', 'https'].includes(url.scheme)) {
    field.error(`must start with http:// or https://, it is ${quote(text)}`);
  }
}

function checkClaimToHeader(entry: Field): void {
  const header = entry.at('header').text();
  const missing = ['claim', 'header'].filter(
    name => entry.at(name).text() === '',
  );
  if (missing.length > 0) {
    missing.forEach(name => entry.at(name).error('is required'));
  } else if (!/^[-_A-Za-z0-9]+$/.test(header)) {
    entry
      .at('header')
      .error(`must be letters, digits, "-" and "_", it is ${quote(header)}`);
  }
}
