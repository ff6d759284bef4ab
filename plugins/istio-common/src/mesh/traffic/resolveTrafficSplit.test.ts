import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSON_SCHEMA, load } from 'js-yaml';
import { KindName } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { withKind } from '../../snapshot/buildSnapshot';
import { NOW, snapshotOf } from '../../testUtils';
import { formatShare } from '../../telemetry/format';
import {
  matchReviews,
  reviewsWorld,
  routingObject,
} from './reviewsWorld.testdata';
import { resolveTrafficSplit } from './resolveTrafficSplit';
import { Condition, TrafficRoute, trafficSplitSchema } from './types';

interface Case {
  name: string;
  backends?: boolean;
  objects: {
    kind: KindName;
    name?: string;
    created?: string;
    spec: Record<string, unknown>;
  }[];
  unread?: KindName;
  routes?: string[];
  primary?: string;
  pods?: Record<string, string>;
  ports?: number[];
  gateways?: Record<string, string[]>;
  neverReached?: Record<string, string>;
  alsoSets?: string[];
  actionText?: string;
  shiftable?: boolean;
  comparison?: string;
}

const cases = load(
  readFileSync(join(__dirname, 'resolveTrafficSplit.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

function wordsOf(condition: Condition): string {
  return condition.map(({ text }) => text).join('');
}

function summarize(route: TrafficRoute): string {
  const what = route.object
    ? `${route.object.kind} ${route.fieldPath}`
    : 'default';
  const when = route.when.map(wordsOf).join(' | ') || 'any';
  const target =
    route.action === 'route'
      ? route.destinations
          .map(
            ({ key, configured }) =>
              `${key} ${formatShare(configured)
                .replace(' %', '%')
                .replace(/^100%$/, '100.0%')}`,
          )
          .join(', ')
      : route.action;
  return `${route.neverReached ? '!' : ''}${what}: ${when} -> ${target}`;
}

function resolve(given: Case) {
  const objects: KubeObject[] = [
    ...reviewsWorld({ backends: given.backends }),
    ...given.objects.map(routingObject),
  ];
  const read = snapshotOf(objects);
  const snapshot = given.unread
    ? withKind(read, {
        kind: given.unread,
        objects: [],
        freshness: { state: 'failed', error: 'forbidden' },
        asOf: NOW,
      })
    : read;
  return resolveTrafficSplit({
    match: matchReviews([snapshot]),
    snapshots: [snapshot],
    observations: [],
  });
}

describe('resolveTrafficSplit, as configured', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const split = resolve(given);
      expect(trafficSplitSchema.parse(split)).toEqual(split);
      const primary = split.routes.find(
        ({ id }) => id === split.primaryRouteId,
      );
      const at = (path: string) =>
        split.routes.find(({ fieldPath }) => fieldPath === path);
      const pods = (route: TrafficRoute | undefined) =>
        Object.fromEntries(
          (route?.destinations ?? []).map(destination => [
            destination.key,
            `${destination.podsReady}/${destination.podsDesired}`,
          ]),
        );
      expect({
        ...(given.routes && { routes: split.routes.map(summarize) }),
        ...(given.primary && { primary: split.primaryRouteId }),
        ...(given.pods && { pods: pods(primary ?? split.routes[0]) }),
        ...(given.ports && { ports: primary?.ports }),
        ...(given.alsoSets && { alsoSets: primary?.alsoSets }),
        ...(given.actionText && { actionText: split.routes[0].actionText }),
        ...(given.shiftable !== undefined && {
          shiftable: (primary ?? split.routes[0]).shiftable.possible,
        }),
        ...(given.comparison && { comparison: split.comparison.text }),
        gateways: Object.fromEntries(
          Object.keys(given.gateways ?? {}).map(path => [
            path,
            at(path)?.gateways,
          ]),
        ),
        neverReached: Object.fromEntries(
          Object.keys(given.neverReached ?? {}).map(path => [
            path,
            at(path)?.neverReached?.text,
          ]),
        ),
      }).toEqual({
        ...(given.routes && { routes: given.routes }),
        ...(given.primary && { primary: given.primary }),
        ...(given.pods && { pods: given.pods }),
        ...(given.ports && { ports: given.ports }),
        ...(given.alsoSets && { alsoSets: given.alsoSets }),
        ...(given.actionText && { actionText: given.actionText }),
        ...(given.shiftable !== undefined && { shiftable: given.shiftable }),
        ...(given.comparison && { comparison: given.comparison }),
        gateways: given.gateways ?? {},
        neverReached: given.neverReached ?? {},
      });
    },
  );
});
