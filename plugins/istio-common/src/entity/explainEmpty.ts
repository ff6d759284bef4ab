import { OWNER_ANNOTATION } from '../resources/namespace';
import { describeSelector, isEmptySelector } from '../resources/selector';
import { MeshSnapshot } from '../snapshot/types';
import { KUBERNETES_LABEL_SELECTOR, KUBERNETES_NAMESPACE } from './annotations';
import { EntityMatch, EntityMeshClaim } from './types';

/** Words for an entity without workloads. */
export type EmptyExplanation = NonNullable<EntityMatch['empty']>;

/** A namespace that was refused, and who it is bound to. */
export interface Refusal {
  cluster: string;
  namespace: string;
  why: string;
  owners: string[];
}

const ANNOTATION_EXAMPLE = [
  'metadata:',
  '  annotations:',
  `    ${KUBERNETES_LABEL_SELECTOR}: app=my-app`,
  `    ${KUBERNETES_NAMESPACE}: my-namespace`,
].join('\n');

/** What is missing, why, and the one thing that fixes it. */
export function explainEmpty(options: {
  claim?: EntityMeshClaim;
  snapshots: readonly MeshSnapshot[];
  /** Snapshots of the clusters that the claim asks for. */
  searched: readonly MeshSnapshot[];
  refusals: readonly Refusal[];
}): EmptyExplanation {
  const { claim, snapshots, searched, refusals } = options;
  if (!claim) {
    return {
      title: 'This component is not linked to the mesh yet',
      explanation:
        'No annotation says which workloads belong to it. Add the labels its pods carry to its catalog file.',
      fix: ANNOTATION_EXAMPLE,
    };
  }
  if (claim.problems?.length) {
    return {
      title: 'The label selector cannot be used',
      explanation: claim.problems.join(' '),
      fix: ANNOTATION_EXAMPLE,
    };
  }
  if (searched.length === 0) {
    return explainNoCluster(claim, snapshots);
  }
  return refusals.length > 0
    ? explainRefusal(claim, refusals)
    : explainNoWorkload(claim, searched);
}

function explainNoCluster(
  claim: EntityMeshClaim,
  snapshots: readonly MeshSnapshot[],
): EmptyExplanation {
  const known = snapshots.map(snapshot => snapshot.cluster);
  return {
    title:
      known.length === 0
        ? 'No cluster has answered yet'
        : 'The clusters this component names are not here',
    explanation:
      known.length === 0
        ? 'Workloads are found once a configured cluster has been read.'
        : `It asks for ${claim.clusters.join(', ')}. Read so far: ${known.join(
            ', ',
          )}.`,
    fix:
      known.length === 0
        ? 'kubectl version'
        : [
            'metadata:',
            '  annotations:',
            `    istio-portal.dev/clusters: ${known.join(',')}`,
          ].join('\n'),
  };
}

function explainRefusal(
  claim: EntityMeshClaim,
  refusals: readonly Refusal[],
): EmptyExplanation {
  const [{ namespace, owners, why }] = refusals;
  const owner = claim.ownerRef ?? 'group:default/my-team';
  return {
    title: `Namespace ${namespace} is not bound to this component's owner`,
    explanation: `Workloads match, but ${why}${
      claim.ownerRef
        ? `, and this component belongs to ${claim.ownerRef}`
        : ', and this component names no owner'
    }. Who runs the cluster can bind it.`,
    fix: `kubectl annotate namespace ${namespace} --overwrite ${OWNER_ANNOTATION}=${[
      ...owners,
      owner,
    ].join(',')}`,
  };
}

function explainNoWorkload(
  claim: EntityMeshClaim,
  searched: readonly MeshSnapshot[],
): EmptyExplanation {
  const where = claim.namespace
    ? `namespace ${claim.namespace} of ${clusterNames(searched)}`
    : `any namespace of ${clusterNames(searched)}`;
  const unread = searched.flatMap(snapshot =>
    (['Deployment', 'StatefulSet', 'DaemonSet', 'Pod'] as const)
      .filter(kind => snapshot.freshness[kind].state !== 'synced')
      .map(kind => `${kind}s of ${snapshot.cluster}`),
  );
  const suffix =
    unread.length > 0 ? ` Not up to date: ${unread.join(', ')}.` : '';
  if (isEmptySelector(claim.selector)) {
    return {
      title: `Service ${claim.services.join(
        ', ',
      )} was not found, or selects no workload`,
      explanation: `Annotation ${claim.selectorFrom} names it; it was looked for in ${where}.${suffix}`,
      fix: `kubectl get services ${scope(claim)} --output wide`,
    };
  }
  const selector = describeSelector(claim.selector);
  return {
    title: `No workload carries ${selector}`,
    explanation: `Annotation ${claim.selectorFrom} asks for it in ${where}. The pod template of a Deployment, StatefulSet or DaemonSet must carry the label.${suffix}`,
    fix: `kubectl get deployments,statefulsets,daemonsets ${scope(
      claim,
    )} --show-labels`,
  };
}

function scope(claim: EntityMeshClaim): string {
  return claim.namespace
    ? `--namespace ${claim.namespace}`
    : '--all-namespaces';
}

function clusterNames(snapshots: readonly MeshSnapshot[]): string {
  return snapshots.map(snapshot => snapshot.cluster).join(', ');
}
