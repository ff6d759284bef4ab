import { EntityMatch } from '../../entity/types';
import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { namespacedName } from '../../resources/objectKey';
import { readRequestAuthentication } from '../../resources/requestAuthentication';
import { DecidedBy, KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { isDecidable } from '../../snapshot/readiness';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { TrafficObservation } from '../../telemetry/types';
import { compilePolicy } from './compilePolicy';
import {
  ComponentAccessAnswer,
  ComponentUnusedGrants,
  DescribedPolicy,
  ObservedCaller,
  TokenCheck,
} from './componentAccess';
import { describeRules } from './describeRules';
import { findUnusedGrants, UnusedGrants } from './findUnusedGrants';
import { decisionKey, observeCallers } from './observeCallers';
import { selectPolicies } from './selectPolicies';

/** A policy where it is in force. */
interface Attached {
  snapshot: MeshSnapshot;
  workload: string;
  object: KubeObject;
}

/**
 * Who calls a component and who may: observed callers with what policies say of them, the policies in force
 * in words with who needs which rule, grants that nobody used, and what is done with tokens.
 */
export function resolveComponentAccess(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  observations: readonly TrafficObservation[];
  /** A longer window, which is to prove that a grant is not needed. */
  evidence: readonly TrafficObservation[];
}): ComponentAccessAnswer {
  const { match, snapshots, evidence } = options;
  const callers = observeCallers(options);
  const seen = observeCallers({ ...options, observations: evidence });
  const policies = attachedTo(match, snapshots, 'AuthorizationPolicy');
  return {
    callers,
    policies: describePolicies(policies, seen.length > 0 ? seen : callers),
    unusedGrants: resolveUnused(options),
    tokens: {
      checks: describeChecks(
        attachedTo(match, snapshots, 'RequestAuthentication'),
      ),
      demandedBy: uniqueDecisions(policies.flatMap(findDemands)),
    },
    unread: snapshots.flatMap(snapshot =>
      (['AuthorizationPolicy', 'RequestAuthentication'] as const)
        .filter(kind => !isDecidable(snapshot, kind))
        .map(kind => `${kind} objects of ${snapshot.cluster}`),
    ),
  };
}

function attachedTo(
  match: EntityMatch,
  snapshots: readonly MeshSnapshot[],
  kind: 'AuthorizationPolicy' | 'RequestAuthentication',
): Attached[] {
  return match.workloads.flatMap(workload => {
    const snapshot = snapshots.find(
      ({ cluster }) => cluster === workload.cluster,
    );
    const object = snapshot?.workload(workload);
    return snapshot && object
      ? selectPolicies({
          snapshot,
          kind,
          subject: {
            namespace: workload.namespace,
            labels: readWorkload(object).labels,
          },
        }).map(policy => ({
          snapshot,
          workload: workload.name,
          object: policy,
        }))
      : [];
  });
}

/** Policies of the same name that say the same are one, whatever cluster they are in. */
function describePolicies(
  attached: readonly Attached[],
  callers: readonly ObservedCaller[],
): DescribedPolicy[] {
  const found = new Map<string, DescribedPolicy>();
  for (const { snapshot, workload, object } of attached) {
    const view = readAuthorizationPolicy(object);
    if (!view.action) {
      continue;
    }
    const key = `${namespacedName(object.metadata)} ${JSON.stringify(view)}`;
    const known = found.get(key) ?? {
      object: snapshot.refOf(object),
      clusters: [],
      workloads: [],
      action: view.action,
      ...(view.provider ? { provider: view.provider } : {}),
      dryRun: view.dryRun,
      rules: describeRules(object).map(rule => ({
        ...rule,
        usedBy: usersOf({ object, fieldPath: rule.fieldPath }, callers),
      })),
    };
    pushNew(known.clusters, snapshot.cluster);
    pushNew(known.workloads, workload);
    found.set(key, known);
  }
  return [...found.values()];
}

function usersOf(
  rule: { object: KubeObject; fieldPath: string },
  callers: readonly ObservedCaller[],
): string[] {
  const { namespace, name } = rule.object.metadata;
  return callers
    .filter(({ decidedBy }) =>
      decidedBy.some(
        decision =>
          decision.by === 'object' &&
          decision.object.kind === 'AuthorizationPolicy' &&
          decision.object.namespace === namespace &&
          decision.object.name === name &&
          decision.fieldPath === rule.fieldPath,
      ),
    )
    .map(nameOfCaller);
}

function nameOfCaller({ namespace, workload, principal }: ObservedCaller) {
  return workload === undefined
    ? principal ?? 'a caller without a name'
    : `${namespace}/${workload}`;
}

/** A grant is unused where no cluster's traffic needed it; a workload that nobody called says nothing. */
function resolveUnused(options: {
  match: EntityMatch;
  snapshots: readonly MeshSnapshot[];
  evidence: readonly TrafficObservation[];
}): ComponentUnusedGrants {
  const { match, snapshots, evidence } = options;
  const all = match.workloads.flatMap(workload => {
    const snapshot = snapshots.find(
      ({ cluster }) => cluster === workload.cluster,
    );
    const seen = evidence.filter(
      ({ cluster, error }) => cluster === workload.cluster && !error,
    );
    if (!snapshot) {
      return [];
    }
    const callers = observeCallers({
      match: { ...match, workloads: [workload] },
      snapshots: [],
      observations: seen,
    });
    return [
      {
        cluster: snapshot.cluster,
        found: findUnused({ snapshot, workload, callers }),
      },
    ];
  });
  return mergeUnused(all);
}

function findUnused(options: {
  snapshot: MeshSnapshot;
  workload: WorkloadKey;
  callers: readonly ObservedCaller[];
}): UnusedGrants {
  const { snapshot, workload, callers } = options;
  // Whom nobody can name may be the one that the grant is for.
  if (callers.some(({ encrypted, principal }) => encrypted > 0 && !principal)) {
    return {
      known: false,
      why: 'the identity of some callers was not reported',
    };
  }
  const observed = callers.flatMap(({ principal }) =>
    principal ? [principal] : [],
  );
  return findUnusedGrants({ snapshot, workload, observed });
}

function mergeUnused(
  all: readonly { cluster: string; found: UnusedGrants }[],
): ComponentUnusedGrants {
  const told = all.flatMap(({ cluster, found }) =>
    found.known ? [{ cluster, grants: found.grants }] : [],
  );
  if (told.length === 0) {
    const [first] = all;
    return {
      known: false,
      why:
        first && !first.found.known
          ? first.found.why
          : 'no workload of the component runs',
    };
  }
  const keyOf = (grant: (typeof told)[number]['grants'][number]) =>
    `${decisionKey(grant.policy)}\n${grant.value}`;
  const inEach = told.map(({ grants }) => new Set(grants.map(keyOf)));
  const merged = new Map(
    told.flatMap(({ grants }) =>
      grants.map(grant => [keyOf(grant), grant] as const),
    ),
  );
  return {
    known: true,
    grants: [...merged]
      .filter(([key]) => inEach.every(keys => keys.has(key)))
      .map(([, grant]) => ({
        ...grant,
        clusters: [...new Set(told.map(({ cluster }) => cluster))],
      })),
  };
}

function describeChecks(attached: readonly Attached[]): TokenCheck[] {
  const found = new Map<string, TokenCheck>();
  for (const { snapshot, object } of attached) {
    const { rules } = readRequestAuthentication(object);
    const key = `${namespacedName(object.metadata)} ${JSON.stringify(rules)}`;
    const known = found.get(key) ?? {
      object: snapshot.refOf(object),
      clusters: [],
      rules: rules.map(({ fieldPath, issuer, audiences }) => ({
        fieldPath,
        issuer,
        audiences,
      })),
    };
    pushNew(known.clusters, snapshot.cluster);
    found.set(key, known);
  }
  return [...found.values()];
}

/** Terms that ask for a token: of ALLOW rules that it is there, of DENY rules that it is not. */
function findDemands({ snapshot, object }: Attached): DecidedBy[] {
  const { action, dryRun } = readAuthorizationPolicy(object);
  if (dryRun || (action !== 'ALLOW' && action !== 'DENY')) {
    return [];
  }
  return compilePolicy(object)
    .flatMap(rule => [...rule.sources.flat(), ...rule.conditions])
    .filter(
      ({ name, negated }) =>
        (name.endsWith('equestPrincipals') ||
          name.startsWith('request.auth.')) &&
        negated === (action === 'DENY'),
    )
    .map(({ fieldPath }) => ({
      by: 'object' as const,
      object: snapshot.refOf(object),
      fieldPath,
    }));
}

function uniqueDecisions(decisions: readonly DecidedBy[]): DecidedBy[] {
  return [
    ...new Map(decisions.map(each => [decisionKey(each), each])).values(),
  ];
}

function pushNew(list: string[], item: string): void {
  if (!list.includes(item)) {
    list.push(item);
  }
}
