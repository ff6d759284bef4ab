import {
  fieldsListOf,
  fieldsOf,
  numberOf,
  textOf,
} from '../../resources/fields';
import { isKind, describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { judgeObjects } from '../judgeObjects';
import { settingsIn } from '../settings';
import type { Policy } from '../types';

/** Retries of every hop multiply: a chain of four services with five each makes 1,296 tries out of one. */
export const retryBudget: Policy = {
  id: 'retry-budget',
  description: 'Retries stay within the limit',
  version: 1,
  evaluate(input) {
    return judgeObjects({
      policy: this.id,
      input,
      concerns: ({ after }) =>
        after !== undefined && readRetries(after).length > 0,
      judge: ({ operation, after, before }) => {
        if (!after) {
          return [];
        }
        const { limits } = settingsIn(input.settings, operation.object.cluster);
        const was = new Map(
          (before ? readRetries(before) : []).map(each => [each.key, each]),
        );
        return readRetries(after).flatMap(({ key, path, unit, value }) => {
          const limit =
            unit === 'attempts'
              ? limits.retryAttempts
              : limits.retryBudgetPercent;
          return value > limit && value > (was.get(key)?.value ?? 0)
            ? [
                {
                  verdict: 'deny' as const,
                  path,
                  text:
                    unit === 'attempts'
                      ? `${describeObject(
                          after,
                        )} retries a request up to ${value} times; the limit is ${limit}`
                      : `${describeObject(
                          after,
                        )} lets ${value} % of active requests be retries; the limit is ${limit} %`,
                },
              ]
            : [];
        });
      },
      pass: 'Retries stay within the limit',
    });
  },
};

interface Retries {
  /** The rule by its name, else by its place. */
  key: string;
  path: string;
  unit: 'attempts' | 'percent';
  value: number;
}

/** As written: attempts per rule of a route, budgets of a DestinationRule's policies. */
function readRetries(object: KubeObject): Retries[] {
  const spec = fieldsOf(object.spec);
  if (isKind(object, 'DestinationRule')) {
    return [
      { path: 'spec', policy: spec.trafficPolicy },
      ...fieldsListOf(spec.subsets).map((subset, index) => ({
        path: `spec.subsets[${index}]`,
        policy: subset.trafficPolicy,
      })),
    ].flatMap(({ path, policy }) => {
      const percent = readPercent(
        fieldsOf(fieldsOf(policy).retryBudget).percent,
      );
      const field = `${path}.trafficPolicy.retryBudget.percent`;
      return percent === undefined
        ? []
        : [
            {
              key: field,
              path: field,
              unit: 'percent' as const,
              value: percent,
            },
          ];
    });
  }
  const rules = [
    ...fieldsListOf(spec.http).map((rule, index) => ({
      rule,
      path: `spec.http[${index}]`,
      field: 'retries',
    })),
    ...fieldsListOf(spec.rules).map((rule, index) => ({
      rule,
      path: `spec.rules[${index}]`,
      field: 'retry',
    })),
  ];
  return rules.flatMap(({ rule, path, field }) => {
    const value = numberOf(fieldsOf(rule[field]).attempts);
    return value === undefined
      ? []
      : [
          {
            key: textOf(rule.name) ?? path,
            path: `${path}.${field}.attempts`,
            unit: 'attempts' as const,
            value,
          },
        ];
  });
}

/** `{ value: 20 }` as in Istio's API, or the bare number. */
function readPercent(value: unknown): number | undefined {
  const number = fieldsOf(value).value ?? value;
  return typeof number === 'number' ? number : numberOf(number);
}
