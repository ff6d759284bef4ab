import type { WorldView } from '../world/WorldView';
import { hostRank, qualify, visibility } from './findRoute';
import type { DestinationRuleSpec } from './istioTypes';
import { labelsContain } from './matchRequest';

/** What the rules in force say about a host, for one client. */
export interface EffectiveRule {
  subsets: Map<string, NonNullable<DestinationRuleSpec['subsets']>[number]>;
  policy: DestinationRuleSpec['trafficPolicy'];
}

/** First of client, service and root namespace that has a visible rule for the host; the most specific host there. */
export function findDestinationRule(options: {
  world: WorldView;
  host: string;
  serviceNamespace: string;
  clientNamespace: string;
  clientLabels: Readonly<Record<string, string>>;
  rootNamespace: string;
  domain: string;
}): EffectiveRule | undefined {
  const { world, clientNamespace, rootNamespace } = options;
  const order = [clientNamespace, options.serviceNamespace, rootNamespace];
  for (const namespace of new Set(order)) {
    const found = world
      .list('DestinationRule')
      .filter(object => object.metadata.namespace === namespace)
      .flatMap(object => {
        const spec = object.spec as DestinationRuleSpec;
        const selector = spec.workloadSelector?.matchLabels;
        const rank = hostRank(
          qualify(spec.host ?? '', namespace, options.domain),
          options.host,
        );
        const seen = visibility(
          selector ? ['.'] : spec.exportTo,
          namespace,
          clientNamespace,
        );
        return rank !== undefined &&
          seen !== undefined &&
          labelsContain(options.clientLabels, selector)
          ? [{ spec, rank, selected: selector !== undefined, object }]
          : [];
      })
      .sort(
        (a, b) =>
          b.rank - a.rank ||
          Number(b.selected) - Number(a.selected) ||
          ((a.object.metadata.creationTimestamp ?? '') <
          (b.object.metadata.creationTimestamp ?? '')
            ? -1
            : 1),
      );
    if (found.length > 0) return merge(found);
  }
  return undefined;
}

/** Rules for the same host in one namespace: subsets are joined, the first one's policy counts. */
function merge(
  found: { spec: DestinationRuleSpec; rank: number }[],
): EffectiveRule {
  const subsets: EffectiveRule['subsets'] = new Map();
  for (const { spec, rank } of found) {
    if (rank !== found[0].rank) break;
    for (const subset of spec.subsets ?? []) {
      if (!subsets.has(subset.name)) subsets.set(subset.name, subset);
    }
  }
  return { subsets, policy: found[0].spec.trafficPolicy };
}

/** Client TLS mode that the rule sets for a port and subset; undefined: automatic. */
export function clientTlsMode(
  rule: EffectiveRule | undefined,
  subset: string | undefined,
  port: number,
): string | undefined {
  const levels = [
    subset ? rule?.subsets.get(subset)?.trafficPolicy : undefined,
    rule?.policy,
  ];
  for (const policy of levels) {
    const atPort = policy?.portLevelSettings?.find(
      setting => setting.port?.number === port,
    );
    const mode = atPort?.tls?.mode ?? policy?.tls?.mode;
    if (mode) return mode;
  }
  return undefined;
}
