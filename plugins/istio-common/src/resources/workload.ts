import { fieldsOf, labelsOf, numberOf, textOf } from './fields';
import { memoizeByIdentity } from './memoize';
import { ContainerPort, readContainerPorts, readPod } from './pod';
import { Labels } from './selector';
import { KubeObject } from './types';

/** The fields of a workload that matching, health and encryption need. */
export interface WorkloadView {
  /** Labels its pods carry. */
  labels: Labels;
  annotations: Labels;
  serviceAccount?: string;
  ports: ContainerPort[];
  podsDesired: number;
  /** As the controller counted them. */
  podsReady: number;
}

/** A Deployment, StatefulSet, DaemonSet or bare Pod, as the thing that runs pods of one shape. */
export const readWorkload = memoizeByIdentity(
  (object: KubeObject): WorkloadView =>
    object.kind === 'Pod' ? readBarePod(object) : readController(object),
);

function readController(object: KubeObject): WorkloadView {
  const spec = fieldsOf(object.spec);
  const status = fieldsOf(object.status);
  const template = fieldsOf(spec.template);
  const templateMeta = fieldsOf(template.metadata);
  const podSpec = fieldsOf(template.spec);
  const daemon = object.kind === 'DaemonSet';
  const view: WorkloadView = {
    labels: labelsOf(templateMeta.labels),
    annotations: labelsOf(templateMeta.annotations),
    ports: readContainerPorts(podSpec),
    podsDesired: daemon
      ? numberOf(status.desiredNumberScheduled) ?? 0
      : numberOf(spec.replicas) ?? 1,
    podsReady:
      numberOf(daemon ? status.numberReady : status.readyReplicas) ?? 0,
  };
  const serviceAccount = textOf(podSpec.serviceAccountName);
  return serviceAccount ? { ...view, serviceAccount } : view;
}

function readBarePod(object: KubeObject): WorkloadView {
  const pod = readPod(object);
  const view: WorkloadView = {
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    ports: pod.ports,
    podsDesired: pod.gone ? 0 : 1,
    podsReady: pod.ready && !pod.gone ? 1 : 0,
  };
  return pod.serviceAccount
    ? { ...view, serviceAccount: pod.serviceAccount }
    : view;
}

const CANONICAL_REVISION = 'service.istio.io/canonical-revision';
const CANONICAL_NAME = 'service.istio.io/canonical-name';

/**
 * The version telemetry and subsets know a workload by: canonical revision, else
 * `app.kubernetes.io/version`, else `version`.
 *
 * Source: istio/istio pkg/kube/labels CanonicalServiceRevision.
 */
export function versionOfLabels(labels: Labels): string | undefined {
  return (
    labels[CANONICAL_REVISION] ||
    labels['app.kubernetes.io/version'] ||
    labels.version ||
    undefined
  );
}

/**
 * The name telemetry groups workloads of one service by.
 *
 * Source: istio/istio pkg/kube/labels CanonicalServiceNameForWorkload.
 */
export function canonicalNameOf(labels: Labels, workloadName: string): string {
  return (
    labels[CANONICAL_NAME] ||
    labels['app.kubernetes.io/name'] ||
    labels.app ||
    workloadName
  );
}
