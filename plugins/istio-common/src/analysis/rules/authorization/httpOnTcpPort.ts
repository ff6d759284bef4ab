import {
  compilePolicy,
  type CompiledRule,
} from '../../../mesh/authorization/compilePolicy';
import { resolveInboundPort } from '../../../mesh/mtls/resolveInboundPort';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import { listServedPorts } from '../../servedPorts';
import type { Rule, RuleFinding } from '../../types';
import { termsOf } from './policyTerms';

/** Ports the rule is for; undefined: any. */
function portsOf(rule: CompiledRule): ReadonlySet<number> | undefined {
  const lists = rule.operations.map(operation =>
    operation.find(({ name }) => name === 'ports'),
  );
  return lists.every(list => list !== undefined)
    ? new Set(lists.flatMap(list => list?.values ?? []).map(Number))
    : undefined;
}

/** Whether the rule is for this workload's TCP ports only. */
function meetsOnlyTcp(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
  ports: ReadonlySet<number> | undefined,
): boolean {
  const served = [...listServedPorts(snapshot, workload).keys()].filter(
    port => ports?.has(port) ?? true,
  );
  return (
    served.length > 0 &&
    proxyOf(snapshot, workload) === 'sidecar' &&
    served.every(
      port =>
        resolveInboundPort({ snapshot, workload, port }).protocol === 'tcp',
    )
  );
}

/** Source: istio/istio pilot/pkg/security/authz/model Model.Generate for TCP filters. */
export const httpOnTcpPort: Rule = {
  code: 'ISB0608',
  name: 'authorization-policy-http-on-tcp-port',
  title: 'An authorization rule asks about HTTP on a TCP port',
  severity: 'error',
  explanation:
    'On a port that is declared as TCP the proxy sees connections, not requests. Istio drops an ALLOW rule with HTTP fields there, so nobody gets in by it; from a DENY rule it drops the HTTP fields only, so it denies more than it says.',
  remedy:
    'Declare the port as HTTP (name or appProtocol of the Service port) if it is, else ask for ports, principals, namespaces or addresses only.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [
    ...WORKLOAD_KINDS,
    'Namespace',
    'Service',
    'ServiceEntry',
    'Sidecar',
  ],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const { action, selector, targets } = readAuthorizationPolicy(subject);
    const { namespace = '' } = subject.metadata;
    if (targets.length > 0 || (action !== 'ALLOW' && action !== 'DENY')) {
      return [];
    }
    const rules = compilePolicy(subject).filter(rule =>
      termsOf(rule).some(({ http }) => http),
    );
    if (rules.length === 0) return [];
    const workloads = listSelected(snapshot, { namespace, selector });
    return rules.flatMap((rule): RuleFinding[] => {
      const ports = portsOf(rule);
      const met = workloads.filter(key => meetsOnlyTcp(snapshot, key, ports));
      const http = termsOf(rule).find(term => term.http);
      if (met.length === 0 || !http) return [];
      const effect =
        action === 'ALLOW'
          ? 'the rule is dropped and lets nobody in'
          : 'the rule denies whatever the rest of it matches';
      return [
        {
          message: `${describeWorkloads(
            met,
            namespace,
          )} serve TCP there, where ${http.name} cannot be seen: ${effect}.`,
          path: http.fieldPath,
        },
      ];
    });
  },
};
