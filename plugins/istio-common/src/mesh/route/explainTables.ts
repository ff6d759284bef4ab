import { hostsOverlap } from './hostPatterns';
import { MeshPortView } from './meshDomains';
import { inClaimOrder, isServedBy } from './meshTables';
import { MeshVirtualHost } from './meshVirtualHost';
import { nameOf } from './answers';
import { importsTable } from './sidecarScope';
import { visibilityRank } from './visibility';
import { RouteTable } from './routeTable';
import { Considered, RouteAnswer } from './types';

/** Tables for the same host that decide nothing for this client, and why. */
export function explainTables(
  place: MeshPortView,
  host: string,
  found: MeshVirtualHost | undefined,
): Pick<RouteAnswer, 'considered' | 'shadowed'> {
  const { snapshot } = place.view;
  const names = [
    ...new Set([host, ...(found?.service ? [found.service.host] : [])]),
  ];
  const tables = tablesCovering(place, names).filter(
    table => table !== found?.table,
  );
  const considered = tables.map(table => ({
    object: snapshot.refOf(table.object),
    path: '',
    ...whyNot(place, table, found),
  }));
  return {
    considered,
    shadowed: considered
      .filter(
        ({ reason }) =>
          reason === 'lostToOlder' || reason === 'lostToMoreSpecific',
      )
      .map(({ object, text }) => ({ object, text })),
  };
}

function tablesCovering(
  place: MeshPortView,
  names: readonly string[],
): RouteTable[] {
  const { meshByHost, meshWildcards } = place.view.tables;
  return [
    ...new Set([
      ...names.flatMap(name => meshByHost.get(name) ?? []),
      ...meshWildcards
        .filter(({ pattern }) =>
          names.some(name => hostsOverlap(pattern, name)),
        )
        .map(({ table }) => table),
    ]),
  ];
}

function whyNot(
  place: MeshPortView,
  table: RouteTable,
  found: MeshVirtualHost | undefined,
): Pick<Considered, 'reason' | 'text'> {
  const { view, listener } = place;
  const seen = visibilityRank(table.visibility, {
    from: table.namespace,
    to: view.namespace,
  });
  if (seen === undefined) {
    return {
      reason: 'notExported',
      text: `It is not exported to namespace ${view.namespace}.`,
    };
  }
  if (!importsTable(listener, table)) {
    return {
      reason: 'notInSidecarScope',
      text: 'The Sidecar of the caller does not import it.',
    };
  }
  const empty = found?.empty.find(item => item.table === table);
  if (empty) {
    const [first] = empty.passedOver;
    return {
      reason: first?.reason === 'otherPort' ? 'otherPort' : 'otherCaller',
      text: first?.text ?? 'It has no HTTP rule.',
    };
  }
  if (found?.service && !isServedBy(place, table, found.service)) {
    return {
      reason: 'notAttached',
      text: 'A Gateway API route serves callers of its own namespace, or all callers of a Service in its own.',
    };
  }
  return whyLost(place, table, found?.table);
}

function whyLost(
  place: MeshPortView,
  table: RouteTable,
  winner: RouteTable | undefined,
): Pick<Considered, 'reason' | 'text'> {
  if (!winner) {
    return {
      reason: 'noMatch',
      text: 'It gives this port no host of that name.',
    };
  }
  const [first] = inClaimOrder(place, [table, winner]);
  return first === winner
    ? {
        reason: 'lostToOlder',
        text: `${nameOf(winner)} comes before it for this host.`,
      }
    : {
        reason: 'lostToMoreSpecific',
        text: `${nameOf(winner)} names the host more specifically.`,
      };
}
