import { serviceHost } from '../resources/host';
import { describeSelector, isEmptySelector } from '../resources/selector';
import { readService } from '../resources/service';
import { KubeObject } from '../resources/types';
import { readWorkload, versionOfLabels } from '../resources/workload';
import { readinessOf } from '../snapshot/readiness';
import { resolveTargetPort } from '../snapshot/resolveTargetPort';
import { MeshSnapshot, WorkloadKey } from '../snapshot/types';
import { explainEmpty, Refusal } from './explainEmpty';
import { judgeBinding, NamespaceBinding } from './judgeBinding';
import { findNearMisses } from './nearMisses';
import {
  EntityMatch,
  EntityMeshClaim,
  NearMiss,
  ServiceMatch,
  WorkloadMatch,
} from './types';

interface Candidate {
  key: WorkloadKey;
  why: string;
}

/**
 * The workloads and Services of an entity, each with the reason. A namespace with such workloads that is not
 * bound to the entity's owner is named as a near miss; which workloads, and how many, is its owner's to know.
 */
export function matchWorkloads(options: {
  claim?: EntityMeshClaim;
  snapshots: readonly MeshSnapshot[];
  binding: NamespaceBinding;
}): EntityMatch {
  const { claim, snapshots, binding } = options;
  const match: EntityMatch = { workloads: [], services: [], nearMisses: [] };
  const searched = claim
    ? snapshots.filter(
        ({ cluster }) =>
          claim.clusters.length === 0 || claim.clusters.includes(cluster),
      )
    : [];
  const refusals: Refusal[] = [];
  if (claim && !claim.problems?.length) {
    for (const snapshot of searched) {
      matchCluster({ claim, snapshot, binding, match, refusals });
    }
    if (match.workloads.length === 0 && refusals.length === 0) {
      match.nearMisses.push(
        ...searched.flatMap(snapshot =>
          findNearMisses({ claim, snapshot, binding }),
        ),
      );
    }
  }
  if (claim) {
    match.claim = claim;
  }
  if (match.workloads.length === 0 && match.services.length === 0) {
    match.empty = explainEmpty({ claim, snapshots, searched, refusals });
  }
  return match;
}

function matchCluster(options: {
  claim: EntityMeshClaim;
  snapshot: MeshSnapshot;
  binding: NamespaceBinding;
  match: EntityMatch;
  refusals: Refusal[];
}): void {
  const { claim, snapshot, match, refusals } = options;
  const { cluster } = snapshot;
  const verdicts = new Map<string, ReturnType<typeof judgeBinding>>();
  const refused = new Map<string, NearMiss>();
  const judge = (namespace: string) => {
    const verdict =
      verdicts.get(namespace) ??
      judgeBinding({ ...options, namespace, ownerRef: claim.ownerRef });
    if (!verdicts.has(namespace)) {
      verdicts.set(namespace, verdict);
      if (!verdict.allowed) {
        refusals.push({ cluster, namespace, ...verdict });
      }
    }
    return verdict;
  };
  const services = new Map<KubeObject, string>();
  for (const service of namedServices(claim, snapshot)) {
    if (judge(service.metadata.namespace ?? '').allowed) {
      services.set(service, 'named by annotation istio-portal.dev/service');
    }
  }
  for (const { key, why } of findCandidates(claim, snapshot)) {
    const verdict = judge(key.namespace);
    if (!verdict.allowed) {
      const { namespace } = key;
      refused.set(namespace, {
        cluster,
        namespace,
        kind: 'Namespace',
        name: namespace,
        whyNot: verdict.why,
      });
      continue;
    }
    match.workloads.push(describeWorkload(snapshot, key, why));
    for (const service of snapshot.servicesOf(key)) {
      if (!services.has(service)) {
        services.set(service, `selects ${key.kind} ${key.name}`);
      }
    }
  }
  match.nearMisses.push(...refused.values());
  for (const [service, why] of services) {
    match.services.push(describeService(snapshot, service, why));
  }
}

function findCandidates(
  claim: EntityMeshClaim,
  snapshot: MeshSnapshot,
): Candidate[] {
  if (!isEmptySelector(claim.selector)) {
    const terms = Object.keys(claim.selector).length;
    const label = `${terms === 1 ? 'label' : 'labels'} ${describeSelector(
      claim.selector,
    )}`;
    return snapshot
      .findWorkloads(claim.selector, claim.namespace)
      .map(({ key, labelsOn }) => ({
        key,
        why: `${label}${
          labelsOn === 'workload' ? ` of the ${key.kind}` : ''
        } from annotation ${claim.selectorFrom}`,
      }));
  }
  const found = new Map<string, Candidate>();
  for (const service of namedServices(claim, snapshot)) {
    const { namespace, name, selector } = readService(service);
    for (const key of snapshot.workloadsMatching(namespace, selector)) {
      found.set(`${key.kind}/${key.namespace}/${key.name}`, {
        key,
        why: `selected by Service ${name}, named by annotation ${claim.selectorFrom}`,
      });
    }
  }
  return [...found.values()];
}

function namedServices(
  claim: EntityMeshClaim,
  snapshot: MeshSnapshot,
): KubeObject[] {
  if (claim.services.length === 0) {
    return [];
  }
  const { namespace } = claim;
  if (namespace !== undefined) {
    return claim.services.flatMap(
      name => snapshot.get('Service', namespace, name) ?? [],
    );
  }
  return snapshot
    .list('Service')
    .filter(service => claim.services.includes(service.metadata.name));
}

function describeWorkload(
  snapshot: MeshSnapshot,
  key: WorkloadKey,
  why: string,
): WorkloadMatch {
  const object = snapshot.workload(key);
  const view = object && readWorkload(object);
  const { ready, desired } = readinessOf(snapshot, key);
  const workload: WorkloadMatch = {
    cluster: snapshot.cluster,
    namespace: key.namespace,
    kind: key.kind,
    name: key.name,
    podsReady: ready,
    podsDesired: desired,
    why,
  };
  const version = view && versionOfLabels(view.labels);
  if (version) {
    workload.version = version;
  }
  if (view?.serviceAccount) {
    workload.serviceAccount = view.serviceAccount;
  }
  return workload;
}

function describeService(
  snapshot: MeshSnapshot,
  object: KubeObject,
  why: string,
): ServiceMatch {
  const service = readService(object);
  return {
    cluster: snapshot.cluster,
    namespace: service.namespace,
    name: service.name,
    host: serviceHost(service, snapshot.domain),
    ports: service.ports.map(port => {
      const targetPort = resolveTargetPort(snapshot, object, port);
      return {
        port: port.port,
        ...(targetPort === undefined ? {} : { targetPort }),
        ...(port.name === undefined ? {} : { name: port.name }),
        protocol: port.protocol,
      };
    }),
    why,
  };
}
