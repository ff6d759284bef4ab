import { type KubeClient, KubeError } from '../kubernetes/KubeClient';
import { NODE_NAME } from './AgentContext';
import type { Pod } from './podTypes';

const NAMESPACE = 'istio-system';
const NAME = 'istiod-lab';
/** How a kubelet marks what runs without the API server having asked for it. */
const MIRROR = 'kubernetes.io/config.mirror';

/** Whether the Pod only stands for a process that runs anyway. */
export function isMirror({ metadata }: Pod): boolean {
  return metadata.annotations?.[MIRROR] !== undefined;
}

/**
 * A Pod that stands for istiod, which is a process in the agent's own network: without one nobody could forward a
 * port of it. It has none of the labels by which the Service selects.
 */
export async function registerIstiod(client: KubeClient): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}/pods`;
  try {
    await client.call(path, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: NAME,
          labels: { app: 'istiod' },
          annotations: { [MIRROR]: 'lab' },
        },
        spec: {
          nodeName: NODE_NAME,
          hostNetwork: true,
          containers: [{ name: 'discovery', image: 'istio/pilot:lab' }],
        },
      },
    });
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 409)) throw error;
  }
  const ready = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'];
  await client.call(`${path}/${NAME}/status`, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: {
      status: {
        phase: 'Running',
        conditions: ready.map(type => ({ type, status: 'True' })),
      },
    },
  });
}
