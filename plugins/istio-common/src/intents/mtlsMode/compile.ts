import { resolvePeerMode } from '../../mesh/mtls/resolvePeerMode';
import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { apiVersionOf } from '../../resources/kinds';
import type { Labels } from '../../resources/selector';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import {
  freeName,
  GUARDED_KINDS,
  labelsOfPods,
  readGuardedService,
  selectExactly,
  type GuardedService,
} from '../guarding/guardedService';
import { MANAGED_BY } from '../routing/managedBy';
import { requireSynced } from '../routing/requireSynced';
import type { CompileProblem, CompileResult } from '../types';
import { describeKeptModes } from './describeKeptModes';
import type { MtlsModeParams } from './schema';
import { titleOfMode } from './words';
import { readMode, writeMode } from './writeMode';

/** A policy to write: one that is there, or one that is to be made. */
interface Target {
  policy: KubeObject;
  exists: boolean;
}

/**
 * Sets the mode where Istio takes it from: on the policy that decides at the level, or on its first one.
 * There is never a second one beside it, which would be ignored: Istio takes the oldest of a level.
 */
export function compileMtlsMode(options: {
  params: MtlsModeParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const stale = requireSynced(snapshot, {
    written: ['PeerAuthentication'],
    read: GUARDED_KINDS,
  });
  if (stale.length > 0) {
    return { ok: false, problems: stale };
  }
  const guarded = readGuardedService(snapshot, params);
  if ('message' in guarded) {
    return { ok: false, problems: [guarded] };
  }
  const targets = findTargets({ params, snapshot, guarded });
  return 'message' in targets
    ? { ok: false, problems: [targets] }
    : write({ params, snapshot, targets });
}

function findTargets(options: {
  params: MtlsModeParams;
  snapshot: MeshSnapshot;
  guarded: GuardedService;
}): Target[] | CompileProblem {
  const { params, snapshot, guarded } = options;
  const { rootNamespace, cluster } = snapshot;
  if (params.level === 'workload') {
    const problem = checkPort(options);
    return problem ?? ofWorkloads({ params, snapshot, guarded });
  }
  if (params.level === 'namespace' && params.namespace === rootNamespace) {
    return {
      field: 'level',
      message: `${cluster}: ${rootNamespace} is the root namespace, where a policy counts for the whole mesh; choose mesh`,
    };
  }
  const namespace = params.level === 'mesh' ? rootNamespace : params.namespace;
  const { winners } = resolvePeerMode({
    snapshot,
    namespace,
    labels: {},
    port: 0,
  }).candidates;
  const policy = winners[params.level];
  return [
    policy
      ? { policy, exists: true }
      : newPolicy({ snapshot, namespace, wanted: 'default' }),
  ];
}

/** The policy of each workload that has one, and one new policy for those that have none. */
function ofWorkloads(options: {
  params: MtlsModeParams;
  snapshot: MeshSnapshot;
  guarded: GuardedService;
}): Target[] | CompileProblem {
  const { params, snapshot, guarded } = options;
  const { namespace, service } = params;
  const targets: Target[] = [];
  const without: WorkloadKey[] = [];
  for (const workload of guarded.workloads) {
    const policy = policyOf(snapshot, workload);
    if (!policy) {
      without.push(workload);
    } else if (!targets.some(each => each.policy === policy)) {
      targets.push({ policy, exists: true });
    }
  }
  if (targets.length > 0 && without.length === 0) {
    return targets;
  }
  const selector =
    targets.length === 0 ? guarded.selector : selectExactly(snapshot, without);
  if (!selector) {
    return {
      field: 'service',
      message: `${snapshot.cluster}: no labels select exactly ${without
        .map(({ name }) => name)
        .join(', ')}, which have no policy of their own; give them one first`,
    };
  }
  return [
    ...targets,
    newPolicy({ snapshot, namespace, wanted: service, selector }),
  ];
}

function policyOf(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): KubeObject | undefined {
  return resolvePeerMode({
    snapshot,
    namespace: workload.namespace,
    labels: labelsOfPods(snapshot, workload),
    port: 0,
  }).candidates.winners.workload;
}

/** Istio takes any number; one that no pod listens on would look like protection and be none. */
function checkPort(options: {
  params: MtlsModeParams;
  snapshot: MeshSnapshot;
  guarded: GuardedService;
}): CompileProblem | undefined {
  const { params, snapshot, guarded } = options;
  const { port } = params;
  const ports = [
    ...new Set(
      guarded.workloads.flatMap(workload =>
        listWorkloadPorts(snapshot, workload).map(known => known.port),
      ),
    ),
  ];
  return port === undefined || ports.includes(port)
    ? undefined
    : {
        field: 'port',
        message: `${snapshot.cluster}: no pod of ${params.namespace}/${
          params.service
        } has port ${port}; allowed: ${ports.join(', ') || 'none'}`,
      };
}

function newPolicy(options: {
  snapshot: MeshSnapshot;
  namespace: string;
  wanted: string;
  selector?: Labels;
}): Target {
  const { snapshot, namespace, wanted, selector } = options;
  const kind = 'PeerAuthentication';
  return {
    exists: false,
    policy: {
      apiVersion: apiVersionOf(kind),
      kind,
      metadata: {
        name: freeName(snapshot, { kind, namespace, wanted }),
        namespace,
        labels: { ...MANAGED_BY },
      },
      spec: { ...(selector && { selector: { matchLabels: { ...selector } } }) },
    },
  };
}

function write(options: {
  params: MtlsModeParams;
  snapshot: MeshSnapshot;
  targets: readonly Target[];
}): CompileResult {
  const { params, snapshot, targets } = options;
  const written = targets.map(({ policy, exists }) => ({
    exists,
    policy: { ...policy, spec: writeMode(policy, params) },
  }));
  const left = written.filter(
    ({ policy, exists }) =>
      exists || params.mode !== 'INHERIT' || saysMore(policy),
  );
  return {
    ok: true,
    desired: left
      .filter(({ policy }) => !isSpent(policy))
      .map(({ policy }) => policy),
    removed: left
      .filter(({ policy }) => isSpent(policy))
      .map(({ policy }) => snapshot.refOf(policy)),
    keptAsIs: targets.flatMap(({ policy, exists }) =>
      describeKeptModes({ snapshot, policy, exists, params }),
    ),
    title: titleOfMode(
      params,
      targets.map(({ policy }) => readMode(policy, params)),
    ),
  };
}

function saysMore({ spec }: KubeObject): boolean {
  return Object.keys(spec ?? {}).some(field => field !== 'selector');
}

/** A policy that this product made and that says nothing any more goes; one made by hand is its maker's. */
function isSpent(policy: KubeObject): boolean {
  const [[label, value]] = Object.entries(MANAGED_BY);
  return policy.metadata.labels?.[label] === value && !saysMore(policy);
}
