import { Fields, fieldsOf, isFields } from '../../resources/fields';
import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { decidedByOrigin } from '../route/answers';
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
import { Overruled } from './types';

/** Where a destination's policy is looked up. */
export interface PolicyPlace {
  snapshot: MeshSnapshot;
  port: number;
  rule?: ConsolidatedRule;
  subset?: DefinedSubset;
}

/** The block of a policy field in force, and what it beat. */
export interface DecidedBlock {
  fields: Fields;
  decidedBy?: DecidedBy;
  /** Set by the DestinationRule, not by the mesh. */
  byRule: boolean;
  overruled: Overruled[];
}

type BlockName = 'connectionPool' | 'outlierDetection' | 'loadBalancer';

/**
 * The block that decides one field of a traffic policy, meshConfig.defaultTrafficPolicy as the base under
 * the rule's. The mesh's base does not come back under a port's block of a subset that leaves the field out.
 *
 * Source: istio/istio pilot/pkg/networking/core applyDefaultTrafficPolicy, buildSubsetCluster (1.31).
 */
export function decidePolicyField(
  place: PolicyPlace,
  name: BlockName,
): DecidedBlock {
  const { snapshot, port, rule, subset } = place;
  const wide = rule && rulePolicy(rule);
  const narrow = subset && subsetPolicy(subset);
  const block = decidingBlock({ rule: wide, subset: narrow, port, name });
  const mesh = meshBlock(snapshot, name);
  const closed = effectiveBlock(narrow, port)?.ported ?? false;
  const candidates = [
    ...blocksOf(narrow, port, name),
    ...blocksOf(wide, port, name),
  ];
  const overruled = candidates
    .filter(candidate => candidate.fieldPath !== block?.fieldPath)
    .map(candidate => ({
      decidedBy: asDecider(snapshot, candidate),
      why: whyOverruled(place, candidate, block),
    }));
  if (block) {
    return {
      fields: block.fields,
      decidedBy: asDecider(snapshot, block),
      byRule: true,
      overruled: [...overruled, ...(mesh ? [beatenMesh(name)] : [])],
    };
  }
  return mesh && !closed
    ? {
        fields: mesh,
        decidedBy: { by: 'meshConfig', fieldPath: meshPath(name) },
        byRule: false,
        overruled,
      }
    : { fields: {}, byRule: false, overruled };
}

/** The same decider with a field below its path. */
export function deepen(decidedBy: DecidedBy, field: string): DecidedBy {
  return 'fieldPath' in decidedBy
    ? { ...decidedBy, fieldPath: `${decidedBy.fieldPath}.${field}` }
    : decidedBy;
}

function meshPath(name: BlockName): string {
  return `defaultTrafficPolicy.${name}`;
}

function meshBlock(
  { meshConfig }: MeshSnapshot,
  name: BlockName,
): Fields | undefined {
  if (name === 'loadBalancer') {
    return undefined;
  }
  const block = fieldsOf(meshConfig?.defaultTrafficPolicy)[name];
  return isFields(block) ? block : undefined;
}

function beatenMesh(name: BlockName): Overruled {
  return {
    decidedBy: { by: 'meshConfig', fieldPath: meshPath(name) },
    why: 'The DestinationRule sets this block, which replaces the mesh’s as a whole.',
  };
}

function asDecider(snapshot: MeshSnapshot, block: RuleBlock): DecidedBy {
  return decidedByOrigin(snapshot, {
    object: block.object,
    path: block.fieldPath,
  });
}

/** The field in the policy's block for the port and in the policy itself. */
function blocksOf(
  policy: RuleBlock | undefined,
  port: number,
  name: string,
): RuleBlock[] {
  const ported = policy ? portBlocks(policy, port).slice(0, 1) : [];
  return [...ported, policy].flatMap(block => childBlock(block, name) ?? []);
}

function whyOverruled(
  { port, rule, subset }: PolicyPlace,
  candidate: RuleBlock,
  winner: RuleBlock | undefined,
): string {
  const ofSubset = candidate.fieldPath.startsWith('spec.subsets');
  const policy = ofSubset
    ? subset && subsetPolicy(subset)
    : rule && rulePolicy(rule);
  const ported = effectiveBlock(policy, port)?.ported ?? false;
  if (ported && !candidate.fieldPath.includes('.portLevelSettings[')) {
    return `The settings for port ${port} replace it as a whole${
      winner ? '' : ' and leave it out, so Istio’s default counts'
    }.`;
  }
  return winner
    ? `Subset ${subset?.name ?? ''} sets this block itself.`
    : `The settings for port ${port} of subset ${
        subset?.name ?? ''
      } leave it out, so Istio’s default counts.`;
}
