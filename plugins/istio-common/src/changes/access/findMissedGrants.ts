import type { EntityMatch } from '../../entity/types';
import { explainPlaintext } from '../../mesh/mtls/explainPlaintext';
import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { resolveMtlsPair } from '../../mesh/mtls/resolveMtlsPair';
import { listWorkloads } from '../../mesh/workloadKeys';
import {
  fieldsListOf,
  fieldsOf,
  textOf,
  textsOf,
} from '../../resources/fields';
import { isKind, namespacedName } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { simulatePlan } from '../simulatePlan';
import type { Finding, Plan, PlanOperation } from '../types';

/** A caller is let in by its identity and shows none. */
export const GRANT_WITHOUT_IDENTITY = 'grant-without-identity';

const PRINCIPAL = /\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** Callers that the plan newly lets in by their identity, and that call without the mesh's encryption, so without one. */
export function findMissedGrants(options: {
  plan: Plan;
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
}): Finding[] {
  const { plan, match, snapshots } = options;
  const texts = snapshots.flatMap(now => {
    const granted = plan.operations
      .filter(({ object }) => object.cluster === now.cluster)
      .flatMap(newPrincipals);
    if (granted.length === 0) return [];
    const snapshot = simulatePlan(now, plan);
    const servers = match.workloads.filter(
      ({ cluster }) => cluster === now.cluster,
    );
    return granted
      .flatMap(principal => workloadsOf(snapshot, principal))
      .flatMap(caller => explainMissed({ snapshot, caller, servers }) ?? []);
  });
  return [...new Set(texts)].map(text => ({
    code: GRANT_WITHOUT_IDENTITY,
    severity: 'warning',
    text,
  }));
}

function explainMissed(options: {
  snapshot: MeshSnapshot;
  caller: WorkloadKey;
  servers: readonly WorkloadKey[];
}): string | undefined {
  const { snapshot, caller, servers } = options;
  const [bare] = servers.flatMap(server =>
    listWorkloadPorts(snapshot, server).flatMap(({ port }) => {
      const { client: pair } = resolveMtlsPair({
        snapshot,
        server,
        port,
        client: { workload: caller },
      });
      return pair?.sends === undefined || pair.sends === 'mtls'
        ? []
        : [{ pair, port }];
    }),
  );
  if (!bare) return undefined;
  const { why } = explainPlaintext({
    snapshot,
    caller,
    pair: bare.pair,
    ports: [bare.port],
  });
  return `${namespacedName(
    caller,
  )} shows no identity, so this rule does not let it in. ${why}`;
}

/** What an ALLOW policy names and did not name before; patterns name nobody in particular. */
function newPrincipals(operation: PlanOperation): string[] {
  const before = new Set(principalsOf(operation.before));
  return principalsOf(operation.after).filter(one => !before.has(one));
}

function principalsOf(content: unknown): string[] {
  const policy = content as KubeObject | undefined;
  if (!policy || !isKind(policy, 'AuthorizationPolicy')) return [];
  const spec = fieldsOf(policy.spec);
  // ALLOW is the zero value of Istio's enum.
  if ((textOf(spec.action) ?? 'ALLOW') !== 'ALLOW') return [];
  return fieldsListOf(spec.rules)
    .flatMap(rule => fieldsListOf(rule.from))
    .flatMap(from => textsOf(fieldsOf(from.source).principals));
}

function workloadsOf(snapshot: MeshSnapshot, principal: string): WorkloadKey[] {
  const [, namespace, serviceAccount] = PRINCIPAL.exec(principal) ?? [];
  if (!namespace) return [];
  return listWorkloads(snapshot, namespace).filter(key => {
    const object = snapshot.workload(key);
    return (
      object !== undefined &&
      (readWorkload(object).serviceAccount ?? 'default') === serviceAccount
    );
  });
}
