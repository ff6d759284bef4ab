import {
  MeshSnapshot,
  WorkloadKey,
} from '@istio-backstage/plugin-istio-common';
import { BadInput } from '../BadInput';

const CONTROLLERS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** The workload of that name; a pod of a controller stands for it. Throws `BadInput` that lists what is there. */
export function findWorkload(
  snapshot: MeshSnapshot,
  of: { namespace: string; name: string },
  flag: string,
): WorkloadKey {
  const { namespace, name } = of;
  for (const kind of [...CONTROLLERS, 'Pod'] as const) {
    if (snapshot.workload({ kind, namespace, name })) {
      return { kind, namespace, name };
    }
  }
  const all = CONTROLLERS.flatMap(kind =>
    snapshot
      .inNamespace(kind, namespace)
      .map(object => ({ kind, namespace, name: object.metadata.name })),
  );
  const owner = all.find(key =>
    snapshot.podsOf(key).some(pod => pod.metadata.name === name),
  );
  if (owner) {
    return owner;
  }
  const names = [
    ...all.map(key => key.name),
    ...snapshot
      .inNamespace('Pod', namespace)
      .filter(pod =>
        snapshot.workload({ kind: 'Pod', namespace, name: pod.metadata.name }),
      )
      .map(pod => pod.metadata.name),
  ].sort();
  const some = names.slice(0, 10).join(', ');
  throw new BadInput(
    `${flag}: no workload "${name}" in namespace ${namespace}; ${
      names.length > 0
        ? `there are ${some}${names.length > 10 ? ', …' : ''}`
        : 'there is none at all'
    }`,
  );
}
