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
  given: {
    entry: RuleEntry;
    position: number;
    neverReached: TrafficRoute['neverReached'];
  },
): TrafficRoute {
  const { snapshot, host } = context;
  const { entry, position } = given;
  const { object } = entry;
  const { namespace = '', name } = object.metadata;
  const destinations = entry.destinations.map(destination =>
    describeDestination(context, destination),
  );
  const missing = destinations.flatMap(item => item.problem ?? []);
  const actionText = entry.actionText ?? missing.join(' ');
  const neverReached = entry.dropped
    ? {
        byFieldPath: entry.fieldPath,
        text: `Istio drops this rule: ${entry.dropped}.`,
      }
    : given.neverReached;
  return {
    id: `${object.kind}/${namespace}/${name}/${entry.fieldPath}`,
    clusters: [snapshot.cluster],
    object: snapshot.refOf(object),
    fieldPath: entry.fieldPath,
    index: position,
    ...(entry.name === undefined ? {} : { name: entry.name }),
    protocol: entry.protocol,
    host,
    ports: portsOf(entry),
    when: conditionsOf(entry),
    gateways: entry.gateways,
    action: entry.action,
    ...(actionText ? { actionText } : {}),
    destinations: destinations.map(({ described }) => described),
    ...(neverReached ? { neverReached } : {}),
    alsoSets: describeSettings({
      rule: entry.fields,
      destinations: destinations.map(({ described }, index) => ({
        label: described.label,
        fields: entry.destinations[index].fields,
      })),
    }),
    shiftable: judgeShiftable(context, entry),
  };
}

/** Empty where any match takes every request. */
function conditionsOf(entry: RuleEntry): TrafficRoute['when'] {
  const { matches, gateways } = entry;
  if (matches.some(match => isAnyCondition(entry, match))) {
    return [];
  }
  const showPort = new Set(matches.map(({ port }) => port)).size > 1;
  return matches.map(match =>
    describeMatch(match, { showGateways: gateways.length > 1, showPort }),
  );
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
