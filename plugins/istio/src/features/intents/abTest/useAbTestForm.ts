import { useMemo, useState } from 'react';
import {
  behaviourOf,
  explainUnsayable,
  type AudienceKind,
  type ComponentMesh,
  type KubeObject,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import type { RouteOption } from '../resolveRouteOptions';
import { silentClusters } from '../silentClusters';
import { buildAbTestIntent } from './buildAbTestIntent';
import {
  CONDITION_KINDS,
  contentOf,
  draftOf,
  emptyCondition,
  freeId,
  type ArmDraft,
  type TestDraft,
} from './draft';

/** HTTP rules that send somewhere, of objects that can tell people apart, and Istio's own route. */
export function canTest(route: TrafficRoute): boolean {
  const { action, object, protocol } = route;
  return (
    action === 'route' &&
    protocol === 'http' &&
    (!object || ['VirtualService', 'HTTPRoute'].includes(object.kind))
  );
}

/** The test that stands in the object now, or what of it the form cannot say. */
export function readToday(
  route: TrafficRoute,
  object: KubeObject | undefined,
): { draft: TestDraft } | { why: string } {
  if (!object) {
    return { draft: draftOf({ arms: [] }) };
  }
  const read = behaviourOf('abTest').recognise({
    object,
    fieldPath: route.fieldPath ?? '',
    clusters: route.clusters,
    domain: route.host.split('.svc.')[1] ?? 'cluster.local',
  });
  return read.ok ? { draft: draftOf(read.params) } : { why: read.why };
}

/** Kinds of conditions that this route cannot ask for, with the reason. */
function resolveUnsayable(
  route: TrafficRoute,
): Partial<Record<AudienceKind, string>> {
  const { object, gateways } = route;
  const kind = object?.kind === 'HTTPRoute' ? 'HTTPRoute' : 'VirtualService';
  return Object.fromEntries(
    (Object.keys(CONDITION_KINDS) as AudienceKind[]).flatMap(by => {
      const why = explainUnsayable(by, { kind, gateways });
      return why ? [[by, why]] : [];
    }),
  );
}

/** Versions that the route names, then those the component has besides: subsets, of an HTTPRoute Services. */
function versionsOf(route: TrafficRoute, mesh: ComponentMesh): string[] {
  const { object } = route;
  const besides =
    object?.kind === 'HTTPRoute'
      ? mesh.match.services
          .filter(({ namespace }) => namespace === object.namespace)
          .map(({ name }) => name)
      : (mesh.split?.versions ?? []).map(({ key }) => key);
  return [
    ...new Set([...route.destinations.map(({ key }) => key), ...besides]),
  ];
}

/** The groups in the form and how they are edited. */
function useTestDraft(today: TestDraft, versions: string[]) {
  const [draft, setDraft] = useState(today);
  const set = (change: Partial<TestDraft>) =>
    setDraft(old => ({ ...old, ...change }));
  return {
    draft,
    set,
    setArm: (index: number, arm: ArmDraft) =>
      set({ arms: draft.arms.map((each, at) => (at === index ? arm : each)) }),
    addArm: () =>
      set({
        arms: [
          ...draft.arms,
          {
            id: `${freeId(draft)}0`,
            who: [[emptyCondition(freeId(draft))]],
            version: versions.at(-1) ?? '',
          },
        ],
      }),
    newCondition: () => emptyCondition(freeId(draft)),
    removeArm: (index: number) =>
      set({ arms: draft.arms.filter((_, at) => at !== index) }),
    endTest: () => set({ arms: [], isSticky: false }),
  };
}

/** Everything the form shows and what it amounts to. */
export function useAbTestForm(options: {
  mesh: ComponentMesh;
  option: RouteOption;
  today: TestDraft;
}) {
  const { mesh, option, today } = options;
  const [route] = option.routes;
  const { services } = mesh.match;
  const silent = silentClusters(mesh);
  const versions = versionsOf(route, mesh);
  const edits = useTestDraft(today, versions);
  const { draft } = edits;
  const [clusters, setClusters] = useState(() =>
    option.clusters.filter(name => !silent.includes(name)),
  );
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const moved = contentOf(draft) !== contentOf(today);
  const built = useMemo(
    () => buildAbTestIntent({ route, services, clusters, draft }),
    [route, services, clusters, draft],
  );
  return {
    ...edits,
    option,
    route,
    today,
    versions,
    unsayable: resolveUnsayable(route),
    /** Why a cookie cannot remember anything here. */
    whyNotSticky: explainNotSticky(route, draft),
    clusters,
    setClusters,
    silent,
    why,
    setWhy,
    problems: built.ok ? {} : built.problems,
    built,
    intent: built.ok && moved && clusters.length > 0 ? built.intent : undefined,
    problem: problemOf({ clusters, moved, built }),
  };
}

function explainNotSticky(
  route: TrafficRoute,
  { everybodyElse }: TestDraft,
): string | undefined {
  const taking = route.destinations.filter(({ configured }) => configured > 0);
  if (!route.object) {
    return 'No route shares out requests yet: shift traffic first.';
  }
  return everybodyElse !== '' || taking.length < 2
    ? 'Everybody else goes to one version, so there is nothing to remember.'
    : undefined;
}

function problemOf(options: {
  clusters: string[];
  moved: boolean;
  built: ReturnType<typeof buildAbTestIntent>;
}): string | undefined {
  const { clusters, moved, built } = options;
  if (clusters.length === 0) return 'no cluster is chosen';
  if (!moved) return 'nothing differs from today’s groups';
  return built.ok ? undefined : built.text;
}

export type AbTestForm = ReturnType<typeof useAbTestForm>;
