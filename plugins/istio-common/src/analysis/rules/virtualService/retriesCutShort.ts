import { fieldsOf, numberOf, textOf } from '../../../resources/fields';
import { readVirtualService } from '../../../resources/virtualService';
import { parseDuration } from '../../../validation/rules/durations';
import type { Rule } from '../../types';

/** Source: Envoy's RouteAction.timeout covers all tries of a request; istio.io reference, HTTPRetry. */
export const retriesCutShort: Rule = {
  code: 'ISB0120',
  name: 'virtual-service-retries-cut-short',
  title: 'The timeout of a rule ends before its retries can happen',
  severity: 'info',
  explanation:
    'A rule’s timeout covers the first try and all retries together. Where the tries may take longer than that, the last ones never happen; where one try may take as long as the timeout, none does.',
  remedy:
    'Shorten perTryTimeout, lower attempts, or lengthen the timeout: (attempts + 1) x perTryTimeout should fit into it.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readVirtualService(subject).rules.flatMap(
      ({ fields, fieldPath }) => {
        const retries = fieldsOf(fields.retries);
        const attempts = numberOf(retries.attempts) ?? 0;
        const [timeout, each] = [fields.timeout, retries.perTryTimeout].map(
          value => parseDuration(textOf(value) ?? '') ?? 0,
        );
        if (attempts < 1 || timeout <= 0 || each <= 0) return [];
        const path = `spec.${fieldPath}.retries.perTryTimeout`;
        const limits = `One try may take ${retries.perTryTimeout}, all of them ${fields.timeout}`;
        if (each >= timeout) {
          return [
            {
              message: `${limits}: a try that takes too long is never repeated.`,
              path,
              severity: 'warning' as const,
            },
          ];
        }
        const fit = Math.floor(timeout / each);
        return fit >= attempts + 1
          ? []
          : [
              {
                message: `${limits}: only ${fit} of the ${
                  attempts + 1
                } tries fit into it if each takes its time.`,
                path,
              },
            ];
      },
    );
  },
};
