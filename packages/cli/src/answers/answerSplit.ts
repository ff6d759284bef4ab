import {
  resolveTrafficSplit,
  TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import { parseName, requiredFlag } from '../arguments/readFlags';
import { findWorkload } from '../input/findWorkload';
import { matchServices } from '../input/matchServices';
import { describeDecider, toJsonObject } from './toJson';
import { Answerer } from './types';

/** The shares of all routes that lead to the Services of a workload, as configured. */
export const answerSplit: Answerer = (snapshot, values) => {
  const to = parseName(requiredFlag(values, 'to'), '--to');
  const { routes } = resolveTrafficSplit({
    match: matchServices(snapshot, findWorkload(snapshot, to, '--to')),
    snapshots: [snapshot],
    observations: [],
  });
  return {
    json: { routes: routes.map(toJson) },
    text: routes.map(describe).join('\n') || 'no Service selects the workload',
    bad: false,
  };
};

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}

function toJson(route: TrafficRoute): Record<string, unknown> {
  const { host, ports, protocol, name, gateways, action, object, fieldPath } =
    route;
  return {
    host,
    ports,
    protocol,
    ...(name ? { name } : {}),
    gateways,
    action,
    when: route.when.map(condition =>
      condition.map(({ text }) => text).join(''),
    ),
    destinations: route.destinations.map(each => ({
      host: each.host,
      ...(each.subset ? { subset: each.subset } : {}),
      ...(each.port === undefined ? {} : { port: each.port }),
      percent: percent(each.configured),
    })),
    ...(route.neverReached ? { neverReached: route.neverReached.text } : {}),
    decidedBy: object
      ? [{ object: toJsonObject(object), path: `spec.${fieldPath}` }]
      : [],
  };
}

function describe(route: TrafficRoute): string {
  const { host, when, destinations, object, fieldPath } = route;
  const condition = when
    .map(each => each.map(({ text }) => text).join(''))
    .join(' or ');
  return [
    `${host}${condition ? `, when ${condition}` : ''}`,
    ...destinations.map(
      each =>
        `  ${percent(each.configured)}% to ${each.host}${
          each.subset ? `, subset ${each.subset}` : ''
        }`,
    ),
    object
      ? `  decided by ${describeDecider({
          object: toJsonObject(object),
          path: `spec.${fieldPath}`,
        })}`
      : '  no object routes it: all endpoints of the Service',
    ...(route.neverReached
      ? [`  never reached: ${route.neverReached.text}`]
      : []),
  ].join('\n');
}
