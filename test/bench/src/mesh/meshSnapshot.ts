import {
  buildSnapshot,
  KIND_NAMES,
  KindName,
  kindNameOf,
  KubeObject,
  MeshSnapshot,
} from '@istio-backstage/plugin-istio-common';
import type { MeshFile } from './meshObjects';

/** The mesh of the files as a cluster runs it: each Deployment with two pods, each pod with its proxy. */
export function meshSnapshot(files: readonly MeshFile[]): MeshSnapshot {
  const objects = Object.fromEntries(
    KIND_NAMES.map(kind => [kind, [] as KubeObject[]]),
  ) as Record<KindName, KubeObject[]>;
  for (const object of files.flatMap(file => file.objects)) {
    const kind = kindNameOf(object);
    if (kind) objects[kind].push(object);
    if (kind === 'Deployment') objects.Pod.push(...podsOf(object));
  }
  return buildSnapshot({ cluster: 'bench', asOf: 0, objects });
}

function podsOf({
  apiVersion,
  kind,
  metadata,
  spec,
}: KubeObject): KubeObject[] {
  const { name, namespace } = metadata;
  const { template } = spec as {
    template: { metadata: { labels: object }; spec: { containers: object[] } };
  };
  return [0, 1].map(index => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${index}`,
      namespace,
      labels: {
        ...template.metadata.labels,
        'security.istio.io/tlsMode': 'istio',
      },
      ownerReferences: [
        { apiVersion, kind, name, uid: name, controller: true },
      ],
    },
    spec: {
      ...template.spec,
      containers: [...template.spec.containers, { name: 'istio-proxy' }],
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }));
}
