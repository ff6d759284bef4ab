import { type ContainerState, podStatus } from './podStatus';
import type { Pod } from './podTypes';

const pod: Pod = {
  metadata: { name: 'p', namespace: 'n', uid: 'u' },
  spec: {
    initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }],
    containers: [{ name: 'app' }],
  },
};
const running: ContainerState = {
  ready: true,
  started: true,
  restarts: 0,
  runningSince: 'then',
};
const status = (app: ContainerState) =>
  podStatus(pod, {
    states: new Map([
      ['istio-proxy', running],
      ['app', app],
    ]),
    address: '10.20.7.21',
    nodeAddress: '10.20.7.1',
    startedAt: 'then',
    now: 'now',
  });

const readyOf = (all: Record<string, unknown>) =>
  (all.conditions as { type: string; status: string }[]).find(
    ({ type }) => type === 'Ready',
  )?.status;

describe('podStatus', () => {
  it('is ready when every container that stays is', () => {
    expect(readyOf(status(running))).toBe('True');
    expect(readyOf(status({ ...running, ready: false }))).toBe('False');
  });

  it('shows how a container ended that waits for its next start', () => {
    const [app] = status({
      ready: false,
      started: false,
      restarts: 2,
      lastExit: { code: 1, finishedAt: 'now' },
    }).containerStatuses as object[];
    expect(app).toMatchObject({
      restartCount: 2,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    });
  });

  it('lists a sidecar with the init containers, as Kubernetes does', () => {
    expect(status(running).initContainerStatuses).toEqual([
      expect.objectContaining({ name: 'istio-proxy', ready: true }),
    ]);
  });
});
