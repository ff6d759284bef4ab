import { Fields, fieldsOf, isFields, labelsOf, listOf, textOf } from './fields';
import { memoizeByIdentity } from './memoize';
import { PolicyTarget, readPolicyTargets } from './policyTarget';
import { KubeObject } from './types';

/** What a policy does with a call its rules match. */
export type AuthorizationAction = 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM';

/** One rule as written. */
export interface AuthorizationRuleView {
  /** `spec.rules[0]` */
  fieldPath: string;
  fields: Fields;
}

/** The fields of an AuthorizationPolicy. */
export interface AuthorizationPolicyView {
  /** Undefined: an action Istio does not know, so it does not read the policy. */
  action?: AuthorizationAction;
  /** Undefined: every workload of the namespace, or of the mesh from the root namespace. */
  selector?: Record<string, string>;
  targets: readonly PolicyTarget[];
  /** Name of the external provider, of a CUSTOM policy. */
  provider: string;
  /** Evaluated and reported, but not enforced. */
  dryRun: boolean;
  rules: readonly AuthorizationRuleView[];
}

/** As Go's ParseBool: any other text is false. */
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];

/** The fields of an AuthorizationPolicy; rules as written, without `null` entries, which Istio skips. */
export const readAuthorizationPolicy = memoizeByIdentity(
  (object: KubeObject): AuthorizationPolicyView => {
    const spec = fieldsOf(object.spec);
    const view: AuthorizationPolicyView = {
      targets: readPolicyTargets(spec),
      provider: textOf(fieldsOf(spec.provider).name) ?? '',
      dryRun: TRUE.includes(
        String(object.metadata.annotations?.['istio.io/dry-run']),
      ),
      rules: listOf(spec.rules).flatMap((rule, index) =>
        isFields(rule)
          ? [{ fieldPath: `spec.rules[${index}]`, fields: rule }]
          : [],
      ),
    };
    const action = readAction(spec.action);
    if (action) {
      view.action = action;
    }
    if (isFields(spec.selector)) {
      view.selector = labelsOf(spec.selector.matchLabels);
    }
    return view;
  },
);

/** ALLOW is the zero value of Istio's enum. */
function readAction(value: unknown): AuthorizationAction | undefined {
  switch (value ?? '') {
    case '':
    case 'ALLOW':
      return 'ALLOW';
    case 'DENY':
    case 'AUDIT':
    case 'CUSTOM':
      return value as AuthorizationAction;
    default:
      return undefined;
  }
}
