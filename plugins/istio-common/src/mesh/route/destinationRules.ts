import { fieldsOf, isFields, labelsOf } from '../../resources/fields';
import {
  DestinationRuleView,
  readDestinationRule,
  SubsetView,
} from '../../resources/destinationRule';
import { resolveHost } from '../../resources/host';
import { memoizeByIdentity } from '../../resources/memoize';
import { compareByAge } from '../../resources/objectKey';
import { Labels, matchesLabels } from '../../resources/selector';
import { KubeObject } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { isWildcard, mostSpecific } from './hostPatterns';
import { meshDefaults } from './meshDefaults';
import { perLists } from './perLists';

/** A subset and the DestinationRule that defines it. */
export interface DefinedSubset extends SubsetView {
  object: KubeObject;
}

/** DestinationRules of one namespace for one host, put together as Istio does. */
export interface ConsolidatedRule {
  /** The first one decides what is not a subset. */
  objects: KubeObject[];
  /** As written; empty: the default. */
  exportTo: ReadonlySet<string>;
  workloadSelector?: Labels;
  subsets: DefinedSubset[];
  /** Object whose trafficPolicy counts. */
  policyFrom?: KubeObject;
}

type ByHost = Map<string, ConsolidatedRule[]>;

/** Rules by the host they name, wildcards apart. */
class HostRules {
  readonly exact: ByHost = new Map();
  readonly wildcard: ByHost = new Map();

  add(host: string, rule: ConsolidatedRule): void {
    const map = isWildcard(host) ? this.wildcard : this.exact;
    const known = map.get(host);
    if (!known) {
      map.set(host, [rule]);
    } else if (mergeInto(known, rule)) {
      known.push(copyOf(rule));
    }
  }

  find(host: string): ConsolidatedRule[] | undefined {
    const exact = (isWildcard(host) ? this.wildcard : this.exact).get(host);
    if (exact) {
      return exact;
    }
    const pattern = mostSpecific(this.wildcard.keys(), host);
    return pattern === undefined ? undefined : this.wildcard.get(pattern);
  }
}

/** The rules of one namespace. */
interface NamespaceRules {
  /** For clients in it. */
  local: HostRules;
  exported: HostRules;
  /** Of the root namespace: those that it does not export. */
  rootPrivate: HostRules;
}

/** Of one namespace's list: a changed rule leaves those of the others as they are. */
const buildRules = perLists((lists, variant): NamespaceRules => {
  const { domain, rootNamespace, exportTo } = JSON.parse(variant) as {
    domain: string;
    rootNamespace: string;
    exportTo: string[];
  };
  const rules: NamespaceRules = {
    local: new HostRules(),
    exported: new HostRules(),
    rootPrivate: new HostRules(),
  };
  const ordered = [...(lists[0] as readonly KubeObject[])].sort(
    (a, b) =>
      Number(selectorOf(b) !== undefined) -
        Number(selectorOf(a) !== undefined) || compareByAge(a, b),
  );
  for (const object of ordered) {
    const namespace = object.metadata.namespace ?? '';
    const view = readDestinationRule(object);
    const host = resolveHost(view.host, { namespace, domain });
    const rule = readRule(object, view);
    const names = rule.exportTo;
    if (
      names.size === 0 ||
      ['*', '.', namespace].some(name => names.has(name))
    ) {
      rules.local.add(host, rule);
    }
    const isPrivate =
      names.size === 0
        ? exportTo.includes('.')
        : names.size === 1 && (names.has('.') || names.has(namespace));
    if (!isPrivate) {
      rules.exported.add(host, copyOf(rule));
    } else if (namespace === rootNamespace) {
      rules.rootPrivate.add(host, copyOf(rule));
    }
  }
  return rules;
});

/** An empty selector is one: it selects every client of the namespace. */
function selectorOf(object: KubeObject): Labels | undefined {
  const selector = fieldsOf(object.spec).workloadSelector;
  return isFields(selector) ? labelsOf(selector.matchLabels) : undefined;
}

function readRule(
  object: KubeObject,
  view: DestinationRuleView,
): ConsolidatedRule {
  const workloadSelector = selectorOf(object);
  const rule: ConsolidatedRule = {
    objects: [object],
    // A rule for some clients only is never exported, whatever it says.
    exportTo: new Set(workloadSelector ? ['.'] : view.exportTo),
    subsets: view.subsets.map(subset => ({ ...subset, object })),
  };
  if (workloadSelector) {
    rule.workloadSelector = workloadSelector;
  }
  return view.trafficPolicy ? { ...rule, policyFrom: object } : rule;
}

function copyOf(rule: ConsolidatedRule): ConsolidatedRule {
  return { ...rule, objects: [...rule.objects], subsets: [...rule.subsets] };
}

/**
 * Puts a rule into those of its host that it may be merged with: same or wider exportTo, same selector.
 *
 * @returns whether it also stands for itself
 * Source: istio/istio pilot/pkg/model destination_rule.go mergeDestinationRule (1.31).
 */
function mergeInto(known: ConsolidatedRule[], rule: ConsolidatedRule): boolean {
  let apart = true;
  for (const existing of known) {
    const equal =
      isSuperset(rule.exportTo, existing.exportTo) &&
      rule.exportTo.size === existing.exportTo.size;
    const wider =
      existing.exportTo.size > 0 &&
      isSuperset(rule.exportTo, existing.exportTo);
    apart = !equal;
    if (!equal && !wider) {
      continue;
    }
    const a = existing.workloadSelector;
    const b = rule.workloadSelector;
    if (a && b && !sameLabels(a, b)) {
      apart = true;
      continue;
    }
    if (Boolean(a) === Boolean(b)) {
      apart = false;
    }
    mergeSubsets(existing, rule);
  }
  return apart;
}

function mergeSubsets(
  existing: ConsolidatedRule,
  rule: ConsolidatedRule,
): void {
  const names = new Set(existing.subsets.map(({ name }) => name));
  existing.objects.push(...rule.objects);
  existing.subsets.push(...rule.subsets.filter(({ name }) => !names.has(name)));
  existing.policyFrom ??= rule.policyFrom;
}

function isSuperset(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...b].every(item => a.has(item));
}

function sameLabels(a: Labels, b: Labels): boolean {
  return matchesLabels(a, b) && matchesLabels(b, a);
}

const settingsOf = memoizeByIdentity((snapshot: MeshSnapshot): string => {
  const { domain, rootNamespace } = snapshot;
  const exportTo = meshDefaults(snapshot).destinationRuleExportTo;
  return JSON.stringify({ domain, rootNamespace, exportTo });
});

function rulesOf(snapshot: MeshSnapshot, namespace: string): NamespaceRules {
  return buildRules(
    [snapshot.inNamespace('DestinationRule', namespace)],
    settingsOf(snapshot),
  );
}

/**
 * The DestinationRule in force for a client and a service: of the client's namespace (in the root
 * namespace only private ones), else of the service's, else of the root namespace; the first with a rule
 * for the host decides. One for selected clients beats one for all.
 *
 * Source: istio/istio pilot/pkg/model PushContext.destinationRule, SidecarScope.DestinationRule (1.31).
 */
export function findDestinationRule(options: {
  snapshot: MeshSnapshot;
  client: { namespace: string; labels: Labels };
  service: { host: string; namespace: string };
}): ConsolidatedRule | undefined {
  const { snapshot, client, service } = options;
  const { rootNamespace } = snapshot;
  const callersRules = rulesOf(snapshot, client.namespace);
  const own = (
    client.namespace === rootNamespace
      ? callersRules.rootPrivate
      : callersRules.local
  ).find(service.host);
  const rules =
    own ??
    exportedRules(service.namespace, options) ??
    exportedRules(rootNamespace, options) ??
    [];
  const selected = rules.find(
    ({ workloadSelector, objects }) =>
      workloadSelector &&
      objects[0].metadata.namespace === client.namespace &&
      matchesLabels(workloadSelector, client.labels),
  );
  return selected ?? rules.filter(rule => !rule.workloadSelector).pop();
}

/** Istio looks for the most specific host first and only then whether it is exported. */
function exportedRules(
  namespace: string,
  options: {
    snapshot: MeshSnapshot;
    client: { namespace: string };
    service: { host: string };
  },
): ConsolidatedRule[] | undefined {
  const found = rulesOf(options.snapshot, namespace)
    .exported.find(options.service.host)
    ?.filter(
      ({ exportTo }) =>
        exportTo.size === 0 ||
        exportTo.has('*') ||
        exportTo.has(options.client.namespace),
    );
  return found && found.length > 0 ? found : undefined;
}
