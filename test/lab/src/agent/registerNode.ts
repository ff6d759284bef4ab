import { KubeError } from '../kubernetes/KubeClient';
import { type AgentContext, NODE_NAME } from './AgentContext';
import { KUBELET_PORT } from './kubeletServer';

/** The node in the API, ready for Pods, with the place of its kubelet API. */
export async function registerNode({
  client,
  settings,
}: AgentContext): Promise<void> {
  try {
    await client.call('/api/v1/nodes', {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: NODE_NAME,
          labels: {
            'kubernetes.io/hostname': NODE_NAME,
            'topology.kubernetes.io/region': 'lab',
            'topology.kubernetes.io/zone': 'lab-a',
          },
        },
      },
    });
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 409)) throw error;
  }
  await client.call(`/api/v1/nodes/${NODE_NAME}/status`, {
    method: 'PATCH',
    contentType: 'application/merge-patch+json',
    body: {
      status: {
        addresses: [{ type: 'InternalIP', address: settings.network.gateway }],
        daemonEndpoints: { kubeletEndpoint: { Port: KUBELET_PORT } },
        conditions: [{ type: 'Ready', status: 'True' }],
        nodeInfo: {
          machineID: '',
          systemUUID: '',
          bootID: '',
          kernelVersion: '',
          osImage: '',
          containerRuntimeVersion: '',
          kubeletVersion: 'v1.36.1',
          kubeProxyVersion: '',
          operatingSystem: 'linux',
          architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
        },
      },
    },
  });
}
