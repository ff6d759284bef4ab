import type { JsonObject } from '../json';

const TEMPLATE = { metadata: {}, spec: { containers: [] } };
const WORKLOAD = { spec: { template: TEMPLATE }, status: {} };

/**
 * What a built-in object of a kind consists of before anybody wrote a field: parts that are always there are owned by
 * nobody, only what is in them is. Custom resources start with nothing.
 */
export const EMPTY_OBJECTS: Record<string, JsonObject> = {
  Namespace: { spec: {}, status: {} },
  Node: { spec: {}, status: {} },
  Pod: { spec: { containers: [] }, status: {} },
  Service: { spec: {}, status: { loadBalancer: {} } },
  Deployment: {
    spec: { strategy: {}, template: TEMPLATE },
    status: {},
  },
  ReplicaSet: WORKLOAD,
  DaemonSet: { spec: { template: TEMPLATE, updateStrategy: {} }, status: {} },
  StatefulSet: { spec: { template: TEMPLATE, updateStrategy: {} }, status: {} },
};
