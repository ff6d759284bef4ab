import { useMemo, useState } from 'react';
import type {
  ComponentMesh,
  ResilienceAnswer,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import { silentClusters } from '../silentClusters';
import { buildBreakerIntent } from './buildBreakerIntent';
import { readToday, type BreakerField, type BreakerPlace } from './readToday';

/** What the settings may be for: a Service, one of its versions, one of its ports. */
function choicesOf({ match, split }: ComponentMesh) {
  const hosts = [...new Set(match.services.map(({ host }) => host))];
  const subsets = (split?.versions ?? []).filter(
    ({ definedBy }) => definedBy?.kind === 'DestinationRule',
  );
  return { hosts, subsets: [...new Set(subsets.map(({ key }) => key))] };
}

/** Everything the form shows and what it amounts to. */
export function useBreakerForm(options: {
  mesh: ComponentMesh;
  answers: readonly ResilienceAnswer[];
}) {
  const { mesh, answers } = options;
  const { services } = mesh.match;
  const { hosts, subsets } = choicesOf(mesh);
  const silent = silentClusters(mesh);
  const [place, setPlace] = useState<BreakerPlace | undefined>(() =>
    hosts.length > 0 ? { host: hosts[0] } : undefined,
  );
  const today = useMemo(
    () => place && readToday(place, answers),
    [place, answers],
  );
  const [typed, setTyped] = useState<Partial<Record<BreakerField, string>>>({});
  const [ejects, setEjects] = useState<boolean>();
  const [picked, setPicked] = useState<string[]>();
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const here = services.filter(({ host }) => host === place?.host);
  const choice = [...new Set(here.map(({ cluster }) => cluster))];
  const clusters = picked ?? choice.filter(name => !silent.includes(name));
  const draft = today && {
    values: { ...today.draft.values, ...typed },
    ejects: ejects ?? today.draft.ejects,
  };
  const built =
    place && draft
      ? buildBreakerIntent({ place, services, clusters, draft })
      : undefined;
  const moved = ejects !== undefined || Object.keys(typed).length > 0;
  return {
    hosts,
    subsets,
    ports: [
      ...new Set(here.flatMap(({ ports }) => ports.map(({ port }) => port))),
    ],
    place,
    today,
    draft,
    choice,
    clusters,
    silent,
    why,
    setWhy,
    setClusters: setPicked,
    setPlace: (next: BreakerPlace) => {
      setPlace(next);
      setTyped({});
      setEjects(undefined);
    },
    set: (field: BreakerField, value: string) =>
      setTyped(old => ({ ...old, [field]: value })),
    setEjects,
    problems: built && !built.ok ? built.problems : {},
    intent:
      built?.ok && moved && clusters.length > 0 ? built.intent : undefined,
    problem: problemOf(clusters, moved, built),
  };
}

function problemOf(
  clusters: string[],
  moved: boolean,
  built: ReturnType<typeof buildBreakerIntent> | undefined,
): string | undefined {
  if (clusters.length === 0) return 'no cluster is chosen';
  if (built && !built.ok) return built.text;
  return moved ? undefined : 'nothing differs from today’s values';
}

export type BreakerForm = ReturnType<typeof useBreakerForm>;
