import {
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../../resources/fields';
import { readVirtualService } from '../../../resources/virtualService';
import { isAnyRequest } from '../../../mesh/traffic/routeMatch';
import { removal } from '../../facts/fix';
import { ownRules } from '../../facts/shadows';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/route TranslateFault. */
export const faultForEverybody: Rule = {
  code: 'ISB0121',
  name: 'virtual-service-fault-for-everybody',
  title: 'A fault is injected into requests without any condition',
  severity: 'warning',
  explanation:
    'The rule has no condition, so every caller gets the fault, not only a test. Aborted requests are errors for real users; delayed ones wait.',
  remedy:
    'Give the rule a condition that only test requests meet, a header for instance, or remove the fault.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const { rules } = readVirtualService(subject);
    if (rules.every(({ fields }) => fields.fault === undefined)) return [];
    return ownRules(snapshot, subject).flatMap(
      ({ fields, fieldPath, matches }) => {
        const open = matches.length === 0 || matches.some(isAnyRequest);
        const fault = fieldsOf(fields.fault);
        return open
          ? (['abort', 'delay'] as const).flatMap(kind => {
              const percent = percentOf(fault[kind]);
              const path = `spec.${fieldPath}.fault.${kind}`;
              return percent > 0
                ? [
                    {
                      message: describe(kind, percent, fieldsOf(fault[kind])),
                      path,
                      ...(kind === 'delay' && { severity: 'info' as const }),
                      fix: removal(`Remove the ${kind}`, path),
                    },
                  ]
                : [];
            })
          : [];
      },
    );
  },
};

function percentOf(block: unknown): number {
  const { percentage, percent } = fieldsOf(block);
  return (
    (isFields(percentage) ? numberOf(percentage.value) : numberOf(percent)) ?? 0
  );
}

function describe(
  kind: 'abort' | 'delay',
  percent: number,
  fields: ReturnType<typeof fieldsOf>,
): string {
  const status = numberOf(fields.httpStatus) ?? textOf(fields.grpcStatus);
  return kind === 'abort'
    ? `${percent} % of everybody’s requests are aborted${
        status === undefined ? '' : ` with ${status}`
      }.`
    : `${percent} % of everybody’s requests are delayed by ${
        textOf(fields.fixedDelay) ?? 'some time'
      }.`;
}
