import {
  fieldsOf,
  numberOf,
  textOf,
  textsOf,
  timeOf,
  type Fields,
} from '../../../resources/fields';
import { readGatewayApiRoute } from '../../../resources/httpRoute';
import { compareText, namespacedName } from '../../../resources/objectKey';
import type { KubeObject } from '../../../resources/types';
import { perLists } from '../../../mesh/route/perLists';
import type { MeshSnapshot } from '../../../snapshot/types';
import { describeMatches, describeParent, parentsOf } from './routeFacts';

/** For each parent, hostname and match the oldest route that has it. */
const buildOldest = perLists(lists => {
  const oldest = new Map<string, KubeObject>();
  for (const route of [...(lists[0] as readonly KubeObject[])].sort(
    compareRoutes,
  )) {
    const places = placesOf(route);
    for (const { fields } of readGatewayApiRoute(route).rules) {
      for (const match of describeMatches(route, fields)) {
        for (const place of places) {
          const key = `${place}|${match}`;
          if (!oldest.has(key)) oldest.set(key, route);
        }
      }
    }
  }
  return oldest;
});

/**
 * An older route that takes every request of these matches, at every parent and hostname of the route;
 * undefined where some get through.
 */
export function findOlderRule(
  snapshot: MeshSnapshot,
  route: KubeObject,
  matches: readonly string[],
): KubeObject | undefined {
  const kind = route.kind === 'GRPCRoute' ? 'GRPCRoute' : 'HTTPRoute';
  const oldest = buildOldest([snapshot.list(kind)]);
  const takers = placesOf(route).flatMap(place =>
    matches.map(match => oldest.get(`${place}|${match}`)),
  );
  return takers.some(taker => taker === undefined || taker === route)
    ? undefined
    : takers[0];
}

/** Source: Gateway API HTTPRouteRule.matches; equal matches go by creation time, then namespace/name. */
function compareRoutes(a: KubeObject, b: KubeObject): number {
  const [one, other] = [a, b].map(
    ({ metadata }) => timeOf(metadata.creationTimestamp) ?? Infinity,
  );
  if (one !== other) return one < other ? -1 : 1;
  return compareText(namespacedName(a.metadata), namespacedName(b.metadata));
}

/** Where the route applies. For calls inside the mesh each namespace of routes is a place of its own. */
function placesOf(route: KubeObject): string[] {
  const namespace = route.metadata.namespace ?? '';
  const hostnames = textsOf(fieldsOf(route.spec).hostnames);
  return parentsOf(route).flatMap(parent => {
    const place = `${describeParent(parent, namespace)}/${
      textOf(parent.sectionName) ?? ''
    }/${numberOf(parent.port) ?? ''}`;
    return isGateway(parent)
      ? (hostnames.length > 0 ? hostnames : ['*']).map(
          host => `${place}|${host.toLowerCase()}`,
        )
      : [`${place}|${namespace}`];
  });
}

function isGateway(parent: Fields): boolean {
  return (textOf(parent.kind) ?? 'Gateway') === 'Gateway';
}
