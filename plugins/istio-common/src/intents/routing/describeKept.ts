import { describeSettings } from '../../mesh/traffic/describeSettings';
import { fieldsListOf, fieldsOf } from '../../resources/fields';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { RouteRule } from './routeRule';

/**
 * What the object holds beside what a form edits in this rule, in words a sentence can list: all of it
 * stays as it is.
 */
export function describeKept(options: {
  object: KubeObject;
  rule: RouteRule;
  /** Fields of the rule that the form edits. */
  edited?: readonly string[];
}): string[] {
  const { object, rule, edited = [] } = options;
  const others = Object.entries(fieldsOf(object.spec)).reduce(
    (count, [section, value]) =>
      ['http', 'tcp', 'tls', 'rules'].includes(section)
        ? count + fieldsListOf(value).length
        : count,
    -1,
  );
  return [
    ...describeSettings({
      rule: Object.fromEntries(
        Object.entries(rule.rule).filter(([field]) => !edited.includes(field)),
      ),
      destinations: rule.entries.map((fields, index) => ({
        label: rule.destinations[index].key,
        fields,
      })),
    }),
    ...(others > 0
      ? [
          `${others} other ${
            others === 1 ? 'rule' : 'rules'
          } of ${describeObject(object)}`,
        ]
      : []),
  ];
}
