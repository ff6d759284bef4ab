import {
  Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
  textOf,
} from '../../resources/fields';
import { KubeObject } from '../../resources/types';
import { ConsolidatedRule, DefinedSubset } from '../route/destinationRules';

/** A part of a DestinationRule with its place. */
export interface RuleBlock {
  fields: Fields;
  object: KubeObject;
  /** `spec.trafficPolicy.tls` */
  fieldPath: string;
}

/** What a DestinationRule says of one port of a service, or of one subset of it. */
export interface ClientPolicy {
  /** The TLS settings that the client's proxy uses. */
  tls?: RuleBlock;
  /**
   * The TLS settings that tell endpoints apart. They differ from `tls` where a port's block leaves TLS out:
   * the proxy then uses none, but endpoints still go by the rule's.
   */
  endpointTls?: RuleBlock;
  /** Connections go to the address that was dialled. */
  passthrough: boolean;
  /** The same, where Istio looks for it to judge the endpoints: not in a port's block. */
  inferPassthrough: boolean;
}

/**
 * A port's block replaces the rule's as a whole; a subset's fields replace the rule's one by one, but a
 * port's block of a subset as a whole.
 *
 * Source: istio/istio pilot/pkg/networking/util MergeSubsetTrafficPolicy, GetPortLevelTrafficPolicy;
 * pilot/pkg/xds/endpoints tlsModeForDestinationRule (1.31).
 */
export function readClientPolicy(
  rule: ConsolidatedRule,
  options: { port: number; subset?: DefinedSubset },
): ClientPolicy {
  const { port, subset } = options;
  const ruleBlock = blockOf(rule.policyFrom, 'spec.trafficPolicy');
  const ownBlock = subset && subsetBlock(subset);
  const wide = effective(ruleBlock, port);
  const narrow = ownBlock && effective(ownBlock, port);
  const field = (name: string): RuleBlock | undefined => {
    if (!narrow) {
      return child(wide?.block, name);
    }
    const own = child(narrow.block, name);
    return (
      own ?? (narrow.ported && wide ? undefined : child(wide?.block, name))
    );
  };
  const policy: ClientPolicy = {
    // A subset keeps the way of connecting that its rule sets, whatever it says itself.
    passthrough: [
      field('loadBalancer'),
      child(wide?.block, 'loadBalancer'),
      child(ownBlock, 'loadBalancer'),
    ].some(block => isPassthrough(block?.fields)),
    inferPassthrough: isPassthrough(
      child(subset ? ownBlock : ruleBlock, 'loadBalancer')?.fields,
    ),
  };
  const tls = field('tls');
  const endpointTls =
    (ownBlock && endpointBlock(ownBlock, port)) ??
    endpointBlock(ruleBlock, port);
  return {
    ...policy,
    ...(tls ? { tls } : {}),
    ...(endpointTls ? { endpointTls } : {}),
  };
}

function subsetBlock(subset: DefinedSubset): RuleBlock | undefined {
  const { trafficPolicy } = subset.fields;
  return isFields(trafficPolicy)
    ? {
        fields: trafficPolicy,
        object: subset.object,
        fieldPath: `spec.${subset.fieldPath}.trafficPolicy`,
      }
    : undefined;
}

function blockOf(
  object: KubeObject | undefined,
  fieldPath: string,
): RuleBlock | undefined {
  return (
    object && {
      object,
      fieldPath,
      fields: fieldsOf(fieldsOf(object.spec).trafficPolicy),
    }
  );
}

function child(
  block: RuleBlock | undefined,
  name: string,
): RuleBlock | undefined {
  const fields = block?.fields[name];
  return block && isFields(fields)
    ? { object: block.object, fields, fieldPath: `${block.fieldPath}.${name}` }
    : undefined;
}

function portBlocks(block: RuleBlock, port: number): RuleBlock[] {
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

/** The port's block where there is one. */
function effective(
  block: RuleBlock | undefined,
  port: number,
): { block: RuleBlock; ported: boolean } | undefined {
  const [ported] = block ? portBlocks(block, port) : [];
  return block && { block: ported ?? block, ported: ported !== undefined };
}

function endpointBlock(
  block: RuleBlock | undefined,
  port: number,
): RuleBlock | undefined {
  const ported =
    block &&
    portBlocks(block, port)
      .map(each => child(each, 'tls'))
      .find(tls => tls !== undefined);
  return ported ?? child(block, 'tls');
}

function isPassthrough(loadBalancer: Fields | undefined): boolean {
  return textOf(loadBalancer?.simple) === 'PASSTHROUGH';
}
