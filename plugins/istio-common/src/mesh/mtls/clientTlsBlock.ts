import { Fields, textOf } from '../../resources/fields';
import { ConsolidatedRule, DefinedSubset } from '../route/destinationRules';
import {
  childBlock,
  decidingBlock,
  effectiveBlock,
  portBlocks,
  RuleBlock,
  rulePolicy,
  subsetPolicy,
} from '../route/policyBlocks';

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
 * The TLS side of the policy between a client and a port of a service, or of a subset.
 *
 * Source: istio/istio pilot/pkg/xds/endpoints tlsModeForDestinationRule (1.31).
 */
export function readClientPolicy(
  rule: ConsolidatedRule,
  options: { port: number; subset?: DefinedSubset },
): ClientPolicy {
  const { port, subset } = options;
  const ruleBlock = rulePolicy(rule);
  const ownBlock = subset && subsetPolicy(subset);
  const wide = effectiveBlock(ruleBlock, port);
  const field = (name: string): RuleBlock | undefined =>
    decidingBlock({ rule: ruleBlock, subset: ownBlock, port, name });
  const policy: ClientPolicy = {
    // A subset keeps the way of connecting that its rule sets, whatever it says itself.
    passthrough: [
      field('loadBalancer'),
      childBlock(wide?.block, 'loadBalancer'),
      childBlock(ownBlock, 'loadBalancer'),
    ].some(block => isPassthrough(block?.fields)),
    inferPassthrough: isPassthrough(
      childBlock(subset ? ownBlock : ruleBlock, 'loadBalancer')?.fields,
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

function endpointBlock(
  block: RuleBlock | undefined,
  port: number,
): RuleBlock | undefined {
  const ported =
    block &&
    portBlocks(block, port)
      .map(each => childBlock(each, 'tls'))
      .find(tls => tls !== undefined);
  return ported ?? childBlock(block, 'tls');
}

function isPassthrough(loadBalancer: Fields | undefined): boolean {
  return textOf(loadBalancer?.simple) === 'PASSTHROUGH';
}
