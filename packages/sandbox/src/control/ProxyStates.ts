import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { ProxyState } from '../istiod/syncz';
import type { ObjectStore } from '../kubernetes/types';
import { readPod } from '../traffic/world/podInfo';

/** Which workloads' proxies are not in sync with istiod; all others are. */
export class ProxyStates {
  private readonly states = new Map<string, ProxyState>();

  stateOf(pod: KubeObject): ProxyState {
    const { workloadKey } = readPod(pod, false);
    return this.states.get(workloadKey ?? '') ?? 'synced';
  }

  /** @throws Error naming the workload, when it has no pods */
  set(
    store: ObjectStore,
    options: { namespace: string; workload: string; state: ProxyState },
  ): void {
    const { namespace, workload, state } = options;
    const key = `${namespace}/${workload}`;
    const known = store
      .list('pods', { namespace })
      .some(pod => readPod(pod, false).workloadKey === key);
    if (!known) throw new Error(`workload: no pods of ${key}`);
    this.states.set(key, state);
  }

  clear(): void {
    this.states.clear();
  }
}
