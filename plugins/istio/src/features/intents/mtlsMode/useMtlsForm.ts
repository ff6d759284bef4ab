import { useState } from 'react';
import {
  mtlsModeParamsSchema,
  type ComponentMesh,
  type IntentOf,
  type MtlsModeParams,
  type MtlsPort,
} from '@istio-backstage/plugin-istio-common';
import type { Justification } from '../../changes/dialog/JustificationFields';
import { serviceChoice } from '../serviceChoice';
import type { IntentStart } from '../types';

/** Ports of the component's pods with what they accept today. */
export function portsToday(
  mesh: Pick<ComponentMesh, 'mtls'>,
  clusters: readonly string[],
): MtlsPort[] {
  return (mesh.mtls?.ports ?? []).filter(port =>
    port.clusters.some(cluster => clusters.includes(cluster)),
  );
}

/** Everything the form shows and what it amounts to. */
export function useMtlsForm(options: {
  mesh: ComponentMesh;
  start: IntentStart;
}) {
  const { mesh, start } = options;
  const [host, setHost] = useState<string>();
  const [picked, setPicked] = useState<string[]>();
  const [level, setLevel] = useState<MtlsModeParams['level']>(
    start.mtls?.level ?? 'workload',
  );
  const [port, setPort] = useState<number>();
  const [mode, setMode] = useState(start.mtls?.mode);
  const [why, setWhy] = useState<Justification>({ reason: '', ticket: '' });
  const place = serviceChoice(mesh, host);
  const { service } = place;
  const clusters = picked ?? place.answering;
  const today = portsToday(mesh, clusters);
  const parsed = mtlsModeParamsSchema.safeParse({
    clusters,
    namespace: service?.namespace,
    service: service?.name,
    level,
    ...(port !== undefined && level === 'workload' && { port }),
    mode,
  });
  const intent: IntentOf<'mtlsMode'> | undefined = parsed.success
    ? { type: 'mtlsMode', params: parsed.data }
    : undefined;
  return {
    ...place,
    host: service?.host,
    setHost,
    clusters,
    setClusters: setPicked,
    level,
    setLevel,
    port,
    setPort,
    mode,
    setMode,
    why,
    setWhy,
    today,
    ports: [...new Set(today.map(each => each.port))].sort((a, b) => a - b),
    intent,
    problem: problemOf({ clusters, mode }),
  };
}

function problemOf(form: {
  clusters: readonly string[];
  mode: MtlsModeParams['mode'] | undefined;
}): string | undefined {
  if (form.clusters.length === 0) return 'no cluster is chosen';
  return form.mode === undefined
    ? 'it is not chosen yet what ports shall accept'
    : undefined;
}

export type MtlsForm = ReturnType<typeof useMtlsForm>;
