import {
  fieldsListOf,
  fieldsOf,
  isFields,
  labelsOf,
  textOf,
  textsOf,
} from './fields';
import { memoizeByIdentity } from './memoize';
import { PolicyTarget, readPolicyTargets } from './policyTarget';
import { KubeObject } from './types';

/** One issuer whose tokens are accepted. */
export interface JwtRuleView {
  /** `spec.jwtRules[0]` */
  fieldPath: string;
  issuer: string;
  /** Empty: any audience. */
  audiences: string[];
  /** Claims split at spaces beside `scope` and `permission`. */
  spaceDelimitedClaims: string[];
}

/** The fields of a RequestAuthentication. */
export interface RequestAuthenticationView {
  selector?: Record<string, string>;
  targets: readonly PolicyTarget[];
  rules: readonly JwtRuleView[];
}

/** The fields of a RequestAuthentication. */
export const readRequestAuthentication = memoizeByIdentity(
  (object: KubeObject): RequestAuthenticationView => {
    const spec = fieldsOf(object.spec);
    const view: RequestAuthenticationView = {
      targets: readPolicyTargets(spec),
      rules: fieldsListOf(spec.jwtRules).map((rule, index) => ({
        fieldPath: `spec.jwtRules[${index}]`,
        issuer: textOf(rule.issuer) ?? '',
        audiences: textsOf(rule.audiences),
        spaceDelimitedClaims: textsOf(rule.spaceDelimitedClaims),
      })),
    };
    return isFields(spec.selector)
      ? { ...view, selector: labelsOf(spec.selector.matchLabels) }
      : view;
  },
);
