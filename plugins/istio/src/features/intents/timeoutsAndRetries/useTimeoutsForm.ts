import { useMemo, useState } from 'react';
import type {
  ComponentMesh,
  ResilienceAnswer,
  TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import {
  resolveInitialRoute,
  resolveRouteOptions,
} from '../resolveRouteOptions';
import { silentClusters } from '../silentClusters';
import type { IntentStart } from '../types';
import { buildTimeoutsIntent } from './buildTimeoutsIntent';
import { readToday, type TimeoutsDraft } from './readToday';

/** HTTP rules that send somewhere, of objects with such settings, and Istio's own route. */
export function hasTimeouts(route: TrafficRoute): boolean {
  const { action, object, protocol } = route;
  return (
    action === 'route' &&
    (protocol === 'http' || protocol === 'grpc') &&
    (!object || ['VirtualService', 'HTTPRoute'].includes(object.kind))
  );
}

/** The rule in the form with today's values, and how another one is chosen. */
function useChosenRule(options: {
  mesh: ComponentMesh;
  start: IntentStart;
  answers: readonly ResilienceAnswer[];
}) {
  const { mesh, start, answers } = options;
  const { split } = mesh;
  const routes = useMemo(
    () => (split ? resolveRouteOptions(split, hasTimeouts) : []),
    [split],
  );
  const [routeId, setRouteId] = useState(
    () => split && resolveInitialRoute(routes, split, start.routeId)?.id,
  );
  const option = routes.find(({ id }) => id === routeId);
  const route = option?.routes[0];
  const today = useMemo(
    () => route && readToday(route, answers),
    [route, answers],
  );
  return { routes, option, route, today, setRouteId };
}

/** Everything the form shows and what it amounts to. */
export function useTimeoutsForm(options: {
  mesh: ComponentMesh;
  start: IntentStart;
  answers: readonly ResilienceAnswer[];
}) {
  const { mesh } = options;
  const { setRouteId, ...chosen } = useChosenRule(options);
  const { option, route, today } = chosen;
  const silent = silentClusters(mesh);
  const [typed, setTyped] = useState<Partial<TimeoutsDraft>>({});
  const [picked, setPicked] = useState<string[]>();
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const clusters =
    picked ?? (option?.clusters ?? []).filter(name => !silent.includes(name));
  const draft = today && { ...today.draft, ...typed };
  const moved =
    draft !== undefined &&
    JSON.stringify(draft) !== JSON.stringify(today?.draft);
  const built =
    route && draft
      ? buildTimeoutsIntent({
          route,
          services: mesh.match.services,
          clusters,
          draft,
        })
      : undefined;
  return {
    ...chosen,
    draft,
    clusters,
    silent,
    why,
    setWhy,
    set: (change: Partial<TimeoutsDraft>) =>
      setTyped(old => ({ ...old, ...change })),
    setClusters: setPicked,
    selectRoute: (id: string) => {
      setRouteId(id);
      setTyped({});
      setPicked(undefined);
    },
    problems: built && !built.ok ? built.problems : {},
    built,
    intent:
      built?.ok && moved && clusters.length > 0 ? built.intent : undefined,
    problem: problemOf(clusters, moved, built),
  };
}

function problemOf(
  clusters: string[],
  moved: boolean,
  built: ReturnType<typeof buildTimeoutsIntent> | undefined,
): string | undefined {
  if (clusters.length === 0) return 'no cluster is chosen';
  if (built && !built.ok) return built.text;
  return moved ? undefined : 'nothing differs from today’s values';
}

export type TimeoutsForm = ReturnType<typeof useTimeoutsForm>;
