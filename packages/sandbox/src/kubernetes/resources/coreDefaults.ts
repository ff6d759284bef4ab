/**
 * Defaults of the built-in kinds that clients look at, by definition and field. Kubernetes fills in more
 * (probes, volumes, security contexts); the README says so.
 */
export const CORE_DEFAULTS: Record<string, Record<string, unknown>> = {
  ServicePort: { protocol: 'TCP' },
  ContainerPort: { protocol: 'TCP' },
  EndpointPort: { protocol: 'TCP' },
  ServiceSpec: {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
  },
  PodSpec: {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
  },
  Container: {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    resources: {},
  },
  DeploymentSpec: {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    },
  },
  ReplicaSetSpec: { replicas: 1 },
  StatefulSetSpec: {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
  },
  DaemonSetSpec: { revisionHistoryLimit: 10 },
  Secret: { type: 'Opaque' },
  ValidatingWebhook: { matchPolicy: 'Equivalent', timeoutSeconds: 10 },
};
