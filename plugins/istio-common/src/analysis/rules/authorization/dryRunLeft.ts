import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { removal } from '../../facts/fix';
import type { Rule } from '../../types';

const PATH = "metadata.annotations['istio.io/dry-run']";

/** Source: istio.io, "Dry Run": the policy is evaluated and reported, not enforced. */
export const dryRunLeft: Rule = {
  code: 'ISB0624',
  name: 'authorization-policy-dry-run',
  title: 'An AuthorizationPolicy is only tried out',
  severity: 'info',
  explanation:
    'The annotation istio.io/dry-run lets the proxies report what the policy would do. It denies nothing, and an ALLOW policy does not make the workload deny the rest.',
  remedy: 'Remove the annotation once the reports show what you expect.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readAuthorizationPolicy(subject).dryRun
      ? [
          {
            message: 'It is reported, not enforced.',
            path: PATH,
            fix: removal('Remove the annotation, so that it is enforced', PATH),
          },
        ]
      : [];
  },
};
