import {
  hasProxy,
  initContainersOf,
  peerOfWorkload,
  portNumber,
  processOf,
  sidecarsOf,
} from './containerProcesses';
import type { Pod } from './podTypes';

const pod: Pod = {
  metadata: {
    name: 'reviews-v2-abc12-xyz',
    namespace: 'catalog',
    uid: 'u1',
    labels: {
      app: 'reviews',
      version: 'v2',
      'pod-template-hash': 'abc12',
      'service.istio.io/canonical-name': 'reviews',
    },
    ownerReferences: [{ name: 'reviews-v2-abc12', controller: true }],
  },
  spec: {
    serviceAccountName: 'reviews',
    initContainers: [
      { name: 'istio-init', args: ['istio-iptables', '-p', '15001'] },
      {
        name: 'istio-proxy',
        restartPolicy: 'Always',
        args: ['proxy', '--domain', '$(POD_NAMESPACE).svc', '$(NOT_THERE)'],
        env: [
          {
            name: 'POD_NAMESPACE',
            valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
          },
          {
            name: 'INSTANCE_IP',
            valueFrom: { fieldRef: { fieldPath: 'status.podIP' } },
          },
          {
            name: 'REVISION',
            valueFrom: {
              fieldRef: { fieldPath: "metadata.labels['version']" },
            },
          },
        ],
      },
    ],
    containers: [
      {
        name: 'reviews',
        command: ['labapp', 'workload'],
        env: [{ name: 'A', value: 'b' }],
        ports: [{ name: 'http', containerPort: 9080 }],
      },
    ],
  },
};
const place = {
  folder: '/state/pods/x',
  address: '10.20.7.21',
  nodeAddress: '10.20.7.1',
  nodeName: 'lab',
  pilotAgent: '/bin/pilot-agent',
};

describe('processOf', () => {
  it('runs the agent as the proxy’s user, with references and fields filled in', () => {
    const [proxy] = sidecarsOf(pod);
    const process = processOf(pod, proxy, place);
    expect(process).toMatchObject({
      argv: [
        '/bin/pilot-agent',
        'proxy',
        '--domain',
        'catalog.svc',
        '$(NOT_THERE)',
      ],
      user: 1337,
      cwd: '/state/pods/x',
      env: {
        INSTANCE_IP: '10.20.7.21',
        REVISION: 'v2',
        LAB_PEER: 'reviews-v2;catalog;reviews;v2;Kubernetes',
      },
    });
  });

  it('runs an application’s command as another user, without the proxy’s identity', () => {
    const process = processOf(pod, pod.spec.containers[0], place);
    expect(process?.argv).toEqual(['labapp', 'workload']);
    expect(process?.user).not.toBe(1337);
    expect(process?.env).toMatchObject({ A: 'b' });
    expect(process?.env.LAB_PEER).toBeUndefined();
  });

  it('gives nothing for a container that names no command', () => {
    expect(processOf(pod, { name: 'image-only' }, place)).toBeUndefined();
  });
});

describe('containers of a Pod', () => {
  it('tells sidecars from init containers', () => {
    expect(initContainersOf(pod).map(({ name }) => name)).toEqual([
      'istio-init',
    ]);
    expect(sidecarsOf(pod).map(({ name }) => name)).toEqual(['istio-proxy']);
    expect(hasProxy(pod)).toBe(true);
    expect(
      hasProxy({ ...pod, spec: { containers: pod.spec.containers } }),
    ).toBe(false);
  });

  it('finds ports by number and name', () => {
    const [container] = pod.spec.containers;
    expect(portNumber(container, 1)).toBe(1);
    expect(portNumber(container, 'http')).toBe(9080);
    expect(portNumber(container, 'nope')).toBeUndefined();
  });
});

describe('peerOfWorkload', () => {
  it('goes by the Pod’s own name without an owner', () => {
    expect(
      peerOfWorkload({
        ...pod,
        metadata: { name: 'bare', namespace: 'x', uid: 'u' },
      }),
    ).toBe('bare;x;bare;latest;Kubernetes');
  });
});
