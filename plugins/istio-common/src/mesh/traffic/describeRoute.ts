import { EntityMatch } from '../../entity/types';
import { serviceOfHost } from '../../resources/host';
import { MeshSnapshot } from '../../snapshot/types';
import { describeSettings } from './describeSettings';
import { podsBehind } from './podsBehind';
import { resolveDestinationRule } from './resolveDestinationRule';
import { describeMatch, isAnyRequest } from './routeMatch';
import { EntryDestination, RuleEntry } from './ruleEntry';
import { SplitDestination, TrafficRoute } from './types';

/** What the rules of one host are described for. */
export interface RouteContext {
  snapshot: MeshSnapshot;
  match: EntityMatch;
  /** Host the rules are for. */
  host: string;
  /** Namespace whose callers' view this is. */
  clientNamespace: string;
}

/** A rule as a page shows it: `kind/namespace/name/path` as id, positions from the top. */
export function describeRoute(
  context: RouteContext,
  entry: RuleEntry,
  position: number,
  neverReached: TrafficRoute['neverReached'],
): TrafficRoute {
  const { snapshot, host } = context;
  const { object } = entry;
  const { namespace = '', name } = object.metadata;
  const conditions = entry.matches.filter(
    match => !isAnyCondition(entry, match),
  );
  const unconditional =
    entry.matches.length === 0 || conditions.length < entry.matches.length;
  const destinations = entry.destinations.map(destination =>
    describeDestination(context, destination),
  );
  const route: TrafficRoute = {
    id: `${object.kind}/${namespace}/${name}/${entry.fieldPath}`,
    clusters: [snapshot.cluster],
    object: snapshot.refOf(object),
    fieldPath: entry.fieldPath,
    index: position,
    protocol: entry.protocol,
    host,
    ports: portsOf(entry),
    when: unconditional
      ? []
      : conditions.map(match =>
          describeMatch(match, {
            showGateways: entry.gateways.length > 1,
            showPort: new Set(entry.matches.map(({ port }) => port)).size > 1,
          }),
        ),
    gateways: entry.gateways,
    action: entry.action,
    destinations: destinations.map(({ described }) => described),
    alsoSets: describeSettings({
      rule: entry.fields,
      destinations: destinations.map(({ described }, index) => ({
        label: described.label,
        fields: entry.destinations[index].fields,
      })),
    }),
    shiftable: judgeShiftable(context, entry),
  };
  const missing = destinations.flatMap(item => item.problem ?? []);
  const actionText = entry.actionText ?? missing.join(' ');
  if (actionText) {
    route.actionText = actionText;
  }
  if (entry.name !== undefined) {
    route.name = entry.name;
  }
  const shadow = entry.dropped
    ? {
        byFieldPath: entry.fieldPath,
        text: `Istio drops this rule: ${entry.dropped}.`,
      }
    : neverReached;
  return shadow ? { ...route, neverReached: shadow } : route;
}

/** A port is shown in a column of its own, so a match by port alone is no condition. */
function isAnyCondition(
  entry: RuleEntry,
  match: RuleEntry['matches'][number],
): boolean {
  return (
    isAnyRequest({ ...match, port: undefined }) &&
    (match.gateways === undefined ||
      entry.gateways.every(gateway => match.gateways?.includes(gateway)))
  );
}

/** Empty where any match leaves the port open. */
function portsOf(entry: RuleEntry): number[] {
  const ports = entry.matches.map(({ port }) => port);
  return ports.some(port => port === undefined)
    ? []
    : [...new Set(ports as number[])].sort((a, b) => a - b);
}

function describeDestination(
  context: RouteContext,
  destination: EntryDestination,
): { described: SplitDestination; problem?: string } {
  const { snapshot, clientNamespace } = context;
  const { host, subset, port, weight, share } = destination;
  const service = serviceOfHost(host, snapshot.domain);
  const rule =
    subset === undefined
      ? undefined
      : resolveDestinationRule({
          snapshot,
          host,
          serviceNamespace: service?.namespace,
          clientNamespace,
        })?.subsets.find(({ name }) => name === subset);
  const missing = subset !== undefined && !rule;
  const behind =
    service && !missing
      ? podsBehind(snapshot, service, rule?.labels)
      : { workloads: [], ready: 0, desired: 0 };
  const name = service?.name ?? host;
  const described: SplitDestination = {
    key: subset ?? name,
    label: subset ?? name,
    host,
    workloads: behind.workloads.map(key => key.name),
    podsReady: behind.ready,
    podsDesired: behind.desired,
    configured: share,
    ...(subset === undefined ? {} : { subset }),
    ...(port === undefined ? {} : { port }),
    ...('version' in behind && behind.version
      ? { version: behind.version }
      : {}),
    ...(weight === undefined ? {} : { weight }),
  };
  if (missing) {
    return {
      described,
      problem: `No DestinationRule defines subset ${subset} of ${host}: its share fails with 503.`,
    };
  }
  const unknown =
    service !== undefined &&
    !snapshot.get('Service', service.namespace, service.name);
  return unknown
    ? {
        described,
        problem: `Service ${service.namespace}/${service.name} does not exist: its share fails.`,
      }
    : { described };
}

function judgeShiftable(
  context: RouteContext,
  entry: RuleEntry,
): TrafficRoute['shiftable'] {
  const why = whyNotShiftable(context, entry);
  return why ? { possible: false, why } : { possible: true };
}

function whyNotShiftable(
  context: RouteContext,
  entry: RuleEntry,
): string | undefined {
  const { kind, metadata } = entry.object;
  if (kind !== 'VirtualService' && kind !== 'HTTPRoute') {
    return `${kind} weights cannot be edited here yet.`;
  }
  if (entry.action !== 'route') {
    return 'This rule does not send requests to versions.';
  }
  if (entry.dropped) {
    return 'Istio drops this rule.';
  }
  const keys = entry.destinations.map(
    ({ subset, host }) =>
      subset ?? serviceOfHost(host, context.snapshot.domain)?.name ?? host,
  );
  if (keys.length === 0) {
    return 'This rule names no destination.';
  }
  if (new Set(keys).size < keys.length) {
    return 'Two destinations of this rule have the same name.';
  }
  const own = context.match.services.some(
    service =>
      service.cluster === context.snapshot.cluster &&
      service.namespace === metadata.namespace,
  );
  return own
    ? undefined
    : `${kind} ${metadata.namespace}/${metadata.name} is in a namespace of another component.`;
}
