import { initContainersOf, sidecarsOf } from './containerProcesses';
import type { Container, Pod } from './podTypes';

/** What the agent knows of one container. */
export interface ContainerState {
  ready: boolean;
  started: boolean;
  restarts: number;
  /** When the present process began; undefined while it waits for its next start. */
  runningSince?: string;
  /** How the process before ended. */
  lastExit?: { code: number; signal?: string; finishedAt: string };
}

const condition = (type: string, holds: boolean, since: string) => ({
  type,
  status: holds ? 'True' : 'False',
  lastTransitionTime: since,
});

const completedStatus = (container: Container, at: string) => ({
  name: container.name,
  image: container.image ?? '',
  imageID: '',
  ready: true,
  started: false,
  restartCount: 0,
  state: {
    terminated: {
      exitCode: 0,
      reason: 'Completed',
      startedAt: at,
      finishedAt: at,
    },
  },
});

/** The status subresource of a running Pod. Pure. */
export function podStatus(
  pod: Pod,
  options: {
    states: Map<string, ContainerState>;
    address: string;
    nodeAddress: string;
    startedAt: string;
    now: string;
  },
): Record<string, unknown> {
  const { states, address, startedAt, now } = options;
  const describe = (container: Container) =>
    containerStatus(container, states.get(container.name));
  const staying = [...sidecarsOf(pod), ...pod.spec.containers];
  const ready = staying.every(({ name }) => states.get(name)?.ready);
  return {
    phase: 'Running',
    podIP: address,
    podIPs: [{ ip: address }],
    hostIP: options.nodeAddress,
    startTime: startedAt,
    conditions: [
      condition('PodScheduled', true, startedAt),
      condition('Initialized', true, startedAt),
      condition('ContainersReady', ready, now),
      condition('Ready', ready, now),
    ],
    containerStatuses: pod.spec.containers.map(describe),
    initContainerStatuses: [
      ...initContainersOf(pod).map(container =>
        completedStatus(container, startedAt),
      ),
      ...sidecarsOf(pod).map(describe),
    ],
  };
}

function containerStatus(container: Container, state?: ContainerState) {
  const last = state?.lastExit && {
    terminated: {
      exitCode: state.lastExit.code,
      reason: state.lastExit.code === 0 ? 'Completed' : 'Error',
      finishedAt: state.lastExit.finishedAt,
    },
  };
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: '',
    ready: state?.ready ?? false,
    started: state?.started ?? false,
    restartCount: state?.restarts ?? 0,
    state: state?.runningSince
      ? { running: { startedAt: state.runningSince } }
      : {
          waiting: {
            reason: last ? 'CrashLoopBackOff' : 'PodInitializing',
          },
        },
    ...(last && { lastState: last }),
  };
}
