import { readPeerAuthentication } from '../../resources/peerAuthentication';
import { matchesLabels } from '../../resources/selector';
import { fieldsOf } from '../../resources/fields';
import { objectKey } from '../../resources/objectKey';
import { apiVersionOf } from '../../resources/kinds';
import { KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { withObjects } from '../../snapshot/buildSnapshot';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { isGatewayWorkload } from '../gatewayWorkload';
import { listWorkloads } from '../workloadKeys';
import { resolvePeerMode } from './resolvePeerMode';

/** What is to accept mTLS only. */
export type StrictScope =
  | {
      kind: 'workloads';
      workloads: readonly (WorkloadKey & { cluster: string })[];
    }
  | { kind: 'namespace'; namespace: string }
  | { kind: 'mesh' };

/** A cluster today and with the policies that the scope needs. */
export interface StrictPlan {
  now: MeshSnapshot;
  then: MeshSnapshot;
  /** Workloads that the policies are for; of a policy that selects more than the scope all it selects. */
  servers: WorkloadKey[];
  policies: { namespace: string; name: string; exists: boolean }[];
}

/**
 * Sets STRICT where Istio would take it from: on the policy in force at the level, or on a new one where
 * there is none. Policies at narrower levels stay as they are. Gateways are left out: their listeners go
 * by the Gateway's servers.
 */
export function planStrict(
  snapshot: MeshSnapshot,
  scope: StrictScope,
): StrictPlan {
  const replace =
    scope.kind === 'workloads'
      ? ofWorkloads(snapshot, scope)
      : [ofNamespace(snapshot, namespaceOf(snapshot, scope))];
  const known = new Set(snapshot.list('PeerAuthentication').map(objectKey));
  return {
    now: snapshot,
    then: withObjects(snapshot, { replace }),
    servers: listServers(snapshot, { scope, policies: replace }),
    policies: replace.map(policy => ({
      namespace: policy.metadata.namespace ?? '',
      name: policy.metadata.name,
      exists: known.has(objectKey(policy)),
    })),
  };
}

/** A policy of the root namespace without selector is for the whole mesh. */
function namespaceOf(
  { rootNamespace }: MeshSnapshot,
  scope: Exclude<StrictScope, { kind: 'workloads' }>,
): string {
  return scope.kind === 'mesh' ? rootNamespace : scope.namespace;
}

function listServers(
  snapshot: MeshSnapshot,
  of: { scope: StrictScope; policies: readonly KubeObject[] },
): WorkloadKey[] {
  const { scope, policies } = of;
  const all = (namespace?: string) =>
    listWorkloads(snapshot, namespace).filter(
      workload => !isGatewayWorkload(snapshot, workload),
    );
  if (scope.kind !== 'workloads') {
    const namespace = namespaceOf(snapshot, scope);
    return all(namespace === snapshot.rootNamespace ? undefined : namespace);
  }
  const namespaces = new Set(
    policies.map(({ metadata }) => metadata.namespace ?? ''),
  );
  return [...namespaces].flatMap(namespace =>
    all(namespace).filter(workload =>
      policies.some(
        policy =>
          policy.metadata.namespace === namespace &&
          matchesLabels(
            readPeerAuthentication(policy).selector ?? {},
            labelsOf(snapshot, workload),
          ),
      ),
    ),
  );
}

function ofNamespace(snapshot: MeshSnapshot, namespace: string): KubeObject {
  const { candidates } = resolvePeerMode({
    snapshot,
    namespace,
    labels: {},
    port: 0,
  });
  const level = namespace === snapshot.rootNamespace ? 'mesh' : 'namespace';
  const policy = candidates.winners[level];
  return policy
    ? asStrict(policy)
    : newPolicy({ namespace, name: freeName(snapshot, namespace, 'default') });
}

function ofWorkloads(
  snapshot: MeshSnapshot,
  scope: Extract<StrictScope, { kind: 'workloads' }>,
): KubeObject[] {
  const policies = new Map<string, KubeObject>();
  for (const workload of scope.workloads) {
    const { namespace, name } = workload;
    const labels = labelsOf(snapshot, workload);
    // Without labels there is nothing to select by: a policy would be the namespace's.
    if (
      workload.cluster === snapshot.cluster &&
      Object.keys(labels).length > 0
    ) {
      const { candidates } = resolvePeerMode({
        snapshot,
        namespace,
        labels,
        port: 0,
      });
      const known = candidates.winners.workload;
      const policy = known
        ? asStrict(known)
        : newPolicy({
            namespace,
            name: freeName(snapshot, namespace, name),
            labels,
          });
      policies.set(objectKey(policy), policy);
    }
  }
  return [...policies.values()];
}

function labelsOf(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): Readonly<Record<string, string>> {
  const object = snapshot.workload(workload);
  return object ? readWorkload(object).labels : {};
}

/** Port modes stay: they are exceptions that somebody made on purpose. */
function asStrict(policy: KubeObject): KubeObject {
  return {
    ...policy,
    spec: { ...fieldsOf(policy.spec), mtls: { mode: 'STRICT' } },
  };
}

function newPolicy(options: {
  namespace: string;
  name: string;
  labels?: Readonly<Record<string, string>>;
}): KubeObject {
  const { namespace, name, labels } = options;
  return {
    apiVersion: apiVersionOf('PeerAuthentication'),
    kind: 'PeerAuthentication',
    metadata: { namespace, name },
    spec: {
      ...(labels ? { selector: { matchLabels: { ...labels } } } : {}),
      mtls: { mode: 'STRICT' },
    },
  };
}

/** A name that no policy of the namespace has: writing over one would take its ports' exceptions away. */
function freeName(
  snapshot: MeshSnapshot,
  namespace: string,
  wanted: string,
): string {
  let name = wanted;
  for (
    let index = 2;
    snapshot.get('PeerAuthentication', namespace, name);
    index += 1
  ) {
    name = `${wanted}-${index}`;
  }
  return name;
}
