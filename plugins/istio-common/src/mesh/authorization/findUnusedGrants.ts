import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { DecidedBy, KubeObject } from '../../resources/types';
import { readMeshSecurity } from '../../resources/meshConfig';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { compilePolicy, Term } from './compilePolicy';
import {
  compileNamespace,
  compilePrincipal,
  compileServiceAccount,
  IdentityTest,
} from './matchPrincipal';
import { selectPolicies } from './selectPolicies';

/** A caller that an ALLOW rule names and that was not seen. */
export interface UnusedGrant {
  /** The list that names it. */
  policy: DecidedBy;
  /** The list, `principals`, `namespaces` or `serviceAccounts`. */
  list: string;
  value: string;
}

/** Grants nobody used, or why nothing can be said. */
export type UnusedGrants =
  | { known: true; grants: UnusedGrant[] }
  | { known: false; why: string };

const IDENTITY_LISTS: Readonly<
  Record<string, (value: string, policyNamespace: string) => IdentityTest>
> = {
  principals: compilePrincipal,
  namespaces: compileNamespace,
  serviceAccounts: compileServiceAccount,
};

/**
 * Values of ALLOW rules for the workload that none of the observed callers matches. Without any observed
 * caller nothing is said: a workload that nobody called proves no grant superfluous.
 */
export function findUnusedGrants(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  /** Identities seen, with or without `spiffe://`, over a window that the caller of this judges long enough. */
  observed: readonly string[];
}): UnusedGrants {
  const { snapshot, workload, observed } = options;
  const object = snapshot.workload(workload);
  if (!object || observed.length === 0) {
    return {
      known: false,
      why: object
        ? 'no caller with an identity was observed'
        : 'the workload does not exist',
    };
  }
  const identities = observed.map(text => text.replace(/^spiffe:\/\//, ''));
  const policies = selectPolicies({
    snapshot,
    kind: 'AuthorizationPolicy',
    subject: {
      namespace: workload.namespace,
      labels: readWorkload(object).labels,
    },
  }).filter(policy => {
    const { action, dryRun } = readAuthorizationPolicy(policy);
    return action === 'ALLOW' && !dryRun;
  });
  return {
    known: true,
    grants: policies.flatMap(policy => unusedOf(snapshot, policy, identities)),
  };
}

function unusedOf(
  snapshot: MeshSnapshot,
  policy: KubeObject,
  identities: readonly string[],
): UnusedGrant[] {
  const { trustDomains } = readMeshSecurity(snapshot.meshConfig);
  const isUnused = (term: Term, value: string) => {
    const compile = IDENTITY_LISTS[term.name];
    const test = compile(value, policy.metadata.namespace ?? '');
    return !identities.some(identity => test(identity, trustDomains));
  };
  return compilePolicy(policy)
    .flatMap(rule => rule.sources.flat())
    .filter(term => Object.hasOwn(IDENTITY_LISTS, term.name))
    .flatMap(term =>
      term.values
        .filter(value => isUnused(term, value))
        .map(value => ({
          policy: {
            by: 'object' as const,
            object: snapshot.refOf(policy),
            fieldPath: term.fieldPath,
          },
          list: term.name,
          value,
        })),
    );
}
