import { resolveGatewayName } from '../../../resources/gateway';
import { resolveHost } from '../../../resources/host';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import {
  MESH_GATEWAY,
  readVirtualService,
} from '../../../resources/virtualService';
import type { KubeObject } from '../../../resources/types';
import { hostsForNamespace } from '../../../mesh/route/gatewayVirtualHost';
import { hostsOverlap } from '../../../mesh/route/hostPatterns';
import { meshDefaults } from '../../../mesh/route/meshDefaults';
import { readVisibility } from '../../../mesh/route/visibility';
import {
  covers,
  isAnyRequest,
  type RouteMatch,
} from '../../../mesh/traffic/routeMatch';
import type { RuleEntry } from '../../../mesh/traffic/ruleEntry';
import { virtualServices } from '../../../mesh/traffic/routingIndex';
import type { MeshSnapshot } from '../../../snapshot/types';
import { serversOfGateway } from '../../facts/gatewayServers';
import { ownRules } from '../../facts/shadows';
import type { Rule } from '../../types';

/**
 * Sources: istio/istio pilot/pkg/networking/core/gateway.go buildGatewayHTTPRouteConfig (one virtual host
 * for all VirtualServices of a host, in their order) and route.SortVHostRoutes (those for any request last).
 */
export const shadowedAtGateway: Rule = {
  code: 'ISB0131',
  name: 'virtual-service-shadowed-at-gateway',
  title:
    'A rule is never reached at a gateway, because an older VirtualService takes its requests',
  severity: 'warning',
  explanation:
    'At a gateway the VirtualServices of one host are put together, the oldest first; rules for any request come after all others. Every request this rule asks for is taken by a rule of an older VirtualService.',
  remedy:
    'Put the rules of the host into one VirtualService in the order they are meant, or narrow down those of the older one.',
  equivalents: ['KIA1106'],
  subjects: ['VirtualService'],
  inputs: ['Gateway'],
  reach: 'mesh',
  reachOf: { VirtualService: 'host' },
  check(subject, { snapshot }) {
    const { gateways } = readVirtualService(subject);
    if (gateways.every(gateway => gateway === MESH_GATEWAY)) return [];
    const places = placesOf(snapshot, subject);
    if (places.length === 0) return [];
    return ownRules(snapshot, subject).flatMap(entry => {
      if (entry.protocol !== 'http' || entry.dropped !== undefined) return [];
      const here = places.filter(
        ({ gateway }) => matchesAt(entry, gateway).length > 0,
      );
      const takers = here.map(place => takerOf(snapshot, entry, place));
      const taker = takers[0];
      // Lost everywhere it is meant for, the mesh included.
      const isLost =
        taker !== undefined &&
        takers.every(each => each !== undefined) &&
        here.length === targetsOf(subject, entry);
      return isLost
        ? [
            {
              message: `Never reached at ${here[0].gateway}: ${
                taker.entry.fieldPath
              } of the older VirtualService ${namespacedName(
                taker.object.metadata,
              )} takes its requests for ${here[0].host}.`,
              path: `spec.${entry.fieldPath}`,
            },
          ]
        : [];
    });
  },
};

/** One host at one gateway, with the VirtualServices that come before the subject's. */
interface Place {
  gateway: string;
  host: string;
  older: readonly KubeObject[];
}

function placesOf(snapshot: MeshSnapshot, subject: KubeObject): Place[] {
  const index = virtualServices(snapshot).hosts;
  return hostsAt(snapshot, subject).flatMap(({ gateway, host }) => {
    const older = index
      .exact(host)
      .filter(
        other =>
          other !== subject &&
          compareByAge(other, subject) < 0 &&
          hostsAt(snapshot, other).some(
            one => one.gateway === gateway && one.host === host,
          ),
      );
    return older.length > 0 && isPublic(snapshot, subject)
      ? [{ gateway, host, older: older.filter(one => isPublic(snapshot, one)) }]
      : [];
  });
}

/** Exact hosts that a server of a gateway takes from the object's namespace; wildcards are left aside. */
function hostsAt(
  snapshot: MeshSnapshot,
  object: KubeObject,
): { gateway: string; host: string }[] {
  const namespace = object.metadata.namespace ?? '';
  const { gateways, hosts } = readVirtualService(object);
  return gateways
    .filter(gateway => gateway !== MESH_GATEWAY)
    .map(gateway => resolveGatewayName(gateway, namespace))
    .flatMap(gateway => {
      const offered = serversOfGateway(snapshot, gateway).flatMap(server =>
        hostsForNamespace(server, namespace),
      );
      return hosts
        .map(host => resolveHost(host, { namespace, domain: snapshot.domain }))
        .filter(
          host =>
            !host.startsWith('*') &&
            offered.some(other => hostsOverlap(host, other.toLowerCase())),
        )
        .map(host => ({ gateway, host }));
    });
}

/** Which of two comes first is sure only where neither is kept to some namespaces. */
function isPublic(snapshot: MeshSnapshot, object: KubeObject): boolean {
  const visibility = readVisibility({
    exportTo: readVirtualService(object).exportTo,
    fallback: meshDefaults(snapshot).virtualServiceExportTo,
    namespace: object.metadata.namespace ?? '',
  });
  return visibility === 'public';
}

/** The places that a rule is meant for: its gateways, the mesh among them, times the hosts. */
function targetsOf(subject: KubeObject, entry: RuleEntry): number {
  const { hosts, gateways } = readVirtualService(subject);
  const namespace = subject.metadata.namespace ?? '';
  const meant = gateways.filter(
    gateway =>
      matchesAt(
        entry,
        gateway === MESH_GATEWAY
          ? gateway
          : resolveGatewayName(gateway, namespace),
      ).length > 0,
  );
  return meant.length * hosts.length;
}

const ANY: RouteMatch = { terms: [] };

/** What the rule takes at that gateway. */
function matchesAt(entry: RuleEntry, gateway: string): RouteMatch[] {
  const matches = entry.matches.length > 0 ? entry.matches : [ANY];
  return matches
    .filter(match => (match.gateways ?? entry.gateways).includes(gateway))
    .map(match => ({ ...match, gateways: [gateway] }));
}

/** The first rule of an older object that takes all that this one asks for there. */
function takerOf(
  snapshot: MeshSnapshot,
  entry: RuleEntry,
  { gateway, older }: Place,
): { object: KubeObject; entry: RuleEntry } | undefined {
  const before = older.flatMap(object =>
    ownRules(snapshot, object)
      .filter(
        ({ protocol, action, dropped }) =>
          protocol === 'http' && action !== 'delegate' && dropped === undefined,
      )
      .map(other => ({ object, entry: other })),
  );
  const takers = matchesAt(entry, gateway).map(match =>
    before.find(({ entry: other }) =>
      matchesAt(other, gateway).some(
        outer =>
          // A rule for any request comes after all that ask for something.
          (!isAnyRequest(outer) || isAnyRequest(match)) &&
          covers(outer, match, []),
      ),
    ),
  );
  return takers.every(taker => taker !== undefined) ? takers[0] : undefined;
}
