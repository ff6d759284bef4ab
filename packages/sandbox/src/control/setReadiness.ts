import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { ObjectStore } from '../kubernetes/types';
import { readPod } from '../traffic/world/podInfo';

interface Condition {
  type: string;
  status: string;
  lastTransitionTime?: string;
}

interface ContainerStatus {
  name: string;
  ready: boolean;
}

interface PodStatus {
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
}

/** A pod whose application became ready or stopped being so. */
function withReadiness(
  pod: KubeObject,
  ready: boolean,
  at: string,
): KubeObject {
  const status = (pod.status ?? {}) as PodStatus;
  return {
    ...pod,
    status: {
      ...status,
      conditions: (status.conditions ?? []).map(condition => {
        const wanted = ready ? 'True' : 'False';
        const concerned =
          condition.type === 'Ready' || condition.type === 'ContainersReady';
        return concerned && condition.status !== wanted
          ? { ...condition, status: wanted, lastTransitionTime: at }
          : condition;
      }),
      containerStatuses: (status.containerStatuses ?? []).map(container => ({
        ...container,
        ready: ready || container.name === 'istio-proxy',
      })),
    },
  };
}

/**
 * Makes the first `ready` pods of a workload ready and the others not, in Pods, ReplicaSet and Deployment.
 *
 * @throws Error naming the workload, or how many pods it has
 */
export function setReadiness(
  store: ObjectStore,
  options: { namespace: string; workload: string; ready: number; at: string },
): void {
  const { namespace, workload, ready, at } = options;
  const pods = store
    .list('pods', { namespace })
    .filter(
      pod => readPod(pod, false).workloadKey === `${namespace}/${workload}`,
    )
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  if (pods.length === 0) {
    throw new Error(`workload: no pods of ${namespace}/${workload}`);
  }
  if (ready > pods.length) {
    throw new Error(
      `ready: ${namespace}/${workload} has ${pods.length} pods, so at most ${pods.length} can be ready`,
    );
  }
  pods.forEach((pod, index) =>
    store.apply(withReadiness(pod, index < ready, at)),
  );
  for (const resource of ['deployments.apps', 'replicasets.apps']) {
    const owner = store
      .list(resource, { namespace })
      .find(
        object =>
          object.metadata.name === workload ||
          pods[0].metadata.ownerReferences?.some(
            ref =>
              ref.kind === object.kind && ref.name === object.metadata.name,
          ),
      );
    if (owner) {
      store.apply({
        ...owner,
        status: {
          ...owner.status,
          readyReplicas: ready,
          availableReplicas: ready,
        },
      });
    }
  }
}
