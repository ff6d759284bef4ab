import type { PrinterColumn } from './resourceType';

function column(
  name: string,
  jsonPath: string,
  type = 'string',
): PrinterColumn {
  return { name, jsonPath, type };
}

const AGE = column('Age', '.metadata.creationTimestamp', 'date');
const REPLICAS = [
  column('Ready', '.status.readyReplicas', 'integer'),
  column('Desired', '.spec.replicas', 'integer'),
];

/** Columns of `kubectl get` by kind, plain paths only; kinds not named here have name and age. */
export const CORE_COLUMNS: Record<string, PrinterColumn[]> = {
  Namespace: [column('Status', '.status.phase'), AGE],
  Node: [column('Version', '.status.nodeInfo.kubeletVersion'), AGE],
  Pod: [
    column('Status', '.status.phase'),
    column('IP', '.status.podIP'),
    column('Node', '.spec.nodeName'),
    AGE,
  ],
  Service: [
    column('Type', '.spec.type'),
    column('Cluster-IP', '.spec.clusterIP'),
    column('Port(s)', '.spec.ports[*].port'),
    AGE,
  ],
  Deployment: [...REPLICAS, AGE],
  ReplicaSet: [...REPLICAS, AGE],
  StatefulSet: [...REPLICAS, AGE],
  DaemonSet: [
    column('Desired', '.status.desiredNumberScheduled', 'integer'),
    column('Ready', '.status.numberReady', 'integer'),
    AGE,
  ],
  RoleBinding: [column('Role', '.roleRef.name'), AGE],
  ClusterRoleBinding: [column('Role', '.roleRef.name'), AGE],
};
