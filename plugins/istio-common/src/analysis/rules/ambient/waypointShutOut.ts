import {
  compilePolicy,
  type CompiledRule,
  type Term,
} from '../../../mesh/authorization/compilePolicy';
import {
  compileNamespace,
  compilePrincipal,
  compileServiceAccount,
  type IdentityTest,
} from '../../../mesh/authorization/matchPrincipal';
import { selectPolicies } from '../../../mesh/authorization/selectPolicies';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { readMeshSecurity } from '../../../resources/meshConfig';
import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { readPod } from '../../../resources/pod';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import { listSelected, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { termsOf } from '../authorization/policyTerms';
import {
  resolveServiceWaypoint,
  WAYPOINT_KINDS,
  type NamedWaypoint,
} from './serviceWaypoint';

const COMPILE: Readonly<
  Record<string, (value: string, namespace: string) => IdentityTest>
> = {
  principals: compilePrincipal,
  'source.principal': compilePrincipal,
  namespaces: compileNamespace,
  'source.namespace': compileNamespace,
  serviceAccounts: compileServiceAccount,
};

/** Who a waypoint is to ztunnel: the account of its pods, named after the Gateway unless they say otherwise. */
function identitiesOf(
  snapshot: MeshSnapshot,
  { namespace, name }: NamedWaypoint,
): string[] {
  const { trustDomains } = readMeshSecurity(snapshot.meshConfig);
  const accounts = snapshot
    .podsMatching(namespace, {
      'gateway.networking.k8s.io/gateway-name': name,
    })
    .flatMap(pod => readPod(pod).serviceAccount ?? []);
  return [...new Set([name, ...accounts])].map(
    account => `${trustDomains[0]}/ns/${namespace}/sa/${account}`,
  );
}

interface Caller {
  identities: readonly string[];
  trustDomains: readonly string[];
  policyNamespace: string;
}

function admitsBy(term: Term, caller: Caller): boolean {
  const list = term.name.replace(/^not(.)/, (_, first: string) =>
    first.toLowerCase(),
  );
  const compile = Object.hasOwn(COMPILE, list) ? COMPILE[list] : undefined;
  // Addresses and ports are left open: they may hold.
  if (!compile) return true;
  const matches = term.values
    .map(value => compile(value, caller.policyNamespace))
    .some(test =>
      caller.identities.some(identity => test(identity, caller.trustDomains)),
    );
  return term.negated ? !matches : matches;
}

/** Whether the waypoint may get in by the rule, as ztunnel enforces it. */
function admits(rule: CompiledRule, caller: Caller): boolean {
  return (
    termsOf(rule).every(({ l4 }) => l4) &&
    rule.sources.some(source =>
      [...source, ...rule.conditions].every(term => admitsBy(term, caller)),
    )
  );
}

/** The waypoint of one of the workload's Services that no ALLOW policy lets in. */
function findShutOut(
  snapshot: MeshSnapshot,
  key: WorkloadKey,
): NamedWaypoint | undefined {
  const object = snapshot.workload(key);
  if (!object || proxyOf(snapshot, key) !== 'ambient') {
    return undefined;
  }
  const { trustDomains } = readMeshSecurity(snapshot.meshConfig);
  const policies = selectPolicies({
    snapshot,
    kind: 'AuthorizationPolicy',
    subject: { namespace: key.namespace, labels: readWorkload(object).labels },
  }).filter(policy => {
    const { action, dryRun } = readAuthorizationPolicy(policy);
    return action === 'ALLOW' && !dryRun;
  });
  return [...snapshot.servicesOf(key)]
    .sort(compareByAge)
    .flatMap(service => resolveServiceWaypoint(snapshot, service) ?? [])
    .find(waypoint => {
      const identities = identitiesOf(snapshot, waypoint);
      return !policies.some(policy =>
        compilePolicy(policy).some(rule =>
          admits(rule, {
            identities,
            trustDomains,
            policyNamespace: policy.metadata.namespace ?? '',
          }),
        ),
      );
    });
}

/** Source: istio.io, "Use Layer 4 security policy" of ambient mode: behind a waypoint ztunnel sees the waypoint’s identity. */
export const waypointShutOut: Rule = {
  code: 'ISB1108',
  name: 'ambient-policy-shuts-waypoint-out',
  title: 'ztunnel denies what the waypoint sends',
  severity: 'error',
  explanation:
    'Calls to the Service come through its waypoint, and at the workload ztunnel sees the waypoint as the caller. ALLOW policies that select the workload and name the clients only deny all of these calls.',
  remedy:
    'Attach the policy to the Service by targetRefs, so that the waypoint enforces it, and allow the waypoint’s service account at the workload.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, ...WAYPOINT_KINDS, 'Service'],
  reach: 'mesh',
  reachOf: {
    AuthorizationPolicy: 'namespace',
    Service: 'namespace',
    Deployment: 'namespace',
    StatefulSet: 'namespace',
    DaemonSet: 'namespace',
    ReplicaSet: 'namespace',
  },
  check(subject, { snapshot }) {
    const { action, selector, targets, dryRun } =
      readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (action !== 'ALLOW' || dryRun || targets.length > 0) return [];
    // Waypoints are Gateways: without any there is none to shut out.
    if (snapshot.list('KubernetesGateway').length === 0) return [];
    if (compilePolicy(subject).length === 0) return [];
    for (const key of listSelected(snapshot, { namespace, selector })) {
      const waypoint = findShutOut(snapshot, key);
      if (waypoint) {
        return [
          {
            message: `Calls to ${namespacedName(
              key,
            )} come from the waypoint ${namespacedName(
              waypoint,
            )}, and no ALLOW policy there lets it in.`,
            path: 'spec.rules',
          },
        ];
      }
    }
    return [];
  },
};
