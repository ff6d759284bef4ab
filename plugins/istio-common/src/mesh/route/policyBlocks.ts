import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
} from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { ConsolidatedRule, DefinedSubset } from './destinationRules';

/** A part of a DestinationRule with its place. */
export interface RuleBlock {
  fields: Fields;
  object: KubeObject;
  /** `spec.trafficPolicy.tls` */
  fieldPath: string;
}

/** The traffic policy of the rule as a whole. */
export function rulePolicy(rule: ConsolidatedRule): RuleBlock | undefined {
  const object = rule.policyFrom;
  return (
    object && {
      object,
      fieldPath: 'spec.trafficPolicy',
      fields: fieldsOf(fieldsOf(object.spec).trafficPolicy),
    }
  );
}

/** The traffic policy of a subset, where it has one of its own. */
export function subsetPolicy(subset: DefinedSubset): RuleBlock | undefined {
  const { trafficPolicy } = subset.fields;
  return isFields(trafficPolicy)
    ? {
        fields: trafficPolicy,
        object: subset.object,
        fieldPath: `spec.${subset.fieldPath}.trafficPolicy`,
      }
    : undefined;
}

/** A field of a block that is a block itself. */
export function childBlock(
  block: RuleBlock | undefined,
  name: string,
): RuleBlock | undefined {
  const fields = block?.fields[name];
  return block && isFields(fields)
    ? { object: block.object, fields, fieldPath: `${block.fieldPath}.${name}` }
    : undefined;
}

/** The blocks of a policy for one port; the first counts. */
export function portBlocks(block: RuleBlock, port: number): RuleBlock[] {
  return fieldsListOf(block.fields.portLevelSettings).flatMap((fields, index) =>
    numberOf(fieldsOf(fields.port).number) === port
      ? [
          {
            fields,
            object: block.object,
            fieldPath: `${block.fieldPath}.portLevelSettings[${index}]`,
          },
        ]
      : [],
  );
}

/** The port's block where there is one, which replaces the policy as a whole. */
export function effectiveBlock(
  block: RuleBlock | undefined,
  port: number,
): { block: RuleBlock; ported: boolean } | undefined {
  const [ported] = block ? portBlocks(block, port) : [];
  return block && { block: ported ?? block, ported: ported !== undefined };
}

/**
 * The block that decides one field for a port: a port's block replaces the rule's as a whole; a subset's
 * fields replace the rule's one by one, but a port's block of a subset as a whole.
 *
 * Source: istio/istio pilot/pkg/networking/util MergeSubsetTrafficPolicy, GetPortLevelTrafficPolicy (1.31).
 */
export function decidingBlock(options: {
  rule: RuleBlock | undefined;
  subset: RuleBlock | undefined;
  port: number;
  name: string;
}): RuleBlock | undefined {
  const { rule, subset, port, name } = options;
  const wide = effectiveBlock(rule, port);
  const narrow = effectiveBlock(subset, port);
  const own = childBlock(narrow?.block, name);
  if (own) {
    return own;
  }
  return narrow?.ported && wide ? undefined : childBlock(wide?.block, name);
}
