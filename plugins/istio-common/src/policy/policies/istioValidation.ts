import type { KubeObject } from '../../resources/types';
import { describeObject } from '../../resources/objectKey';
import { validateObject } from '../../validation/validateObject';
import type { Policy } from '../types';

/**
 * What istiod's webhook would refuse, checked here too: a cluster's dry run knows these rules only
 * while the webhook is registered and answers. Of Gateway API, what its CRDs would.
 */
export const istioValidation: Policy = {
  id: 'istio-validation',
  description: "Objects keep the rules of Istio's own validation",
  version: 1,
  evaluate({ plan }) {
    const results = plan.operations.flatMap(({ after, object }) =>
      after
        ? [{ object, ...validateObject(after as unknown as KubeObject) }]
        : [],
    );
    const denied = results.flatMap(({ object, judge, errors }) =>
      errors.map(error => ({
        policy: this.id,
        verdict: 'deny' as const,
        text: `${
          judge === 'apiServer' ? 'The API server' : 'Istio'
        } would refuse ${describeObject(object)}: ${error}`,
      })),
    );
    const warned = results.flatMap(({ object, judge, warnings }) =>
      warnings.map(warning => ({
        policy: this.id,
        verdict: 'warn' as const,
        text: `${
          judge === 'apiServer' ? 'The API server' : 'Istio'
        } warns about ${describeObject(object)}: ${warning}`,
      })),
    );
    if (denied.length > 0 || warned.length > 0) {
      return [...denied, ...warned];
    }
    const judged = results.filter(result => result.judged);
    return judged.length === 0
      ? []
      : [
          {
            policy: this.id,
            verdict: 'pass',
            text: "The objects keep the rules of Istio's validation, as checked in the portal",
          },
        ];
  },
};
