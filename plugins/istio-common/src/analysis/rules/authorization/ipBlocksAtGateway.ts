import { GATEWAY_NAME } from '../../../mesh/gatewayWorkload';
import { readAuthorizationPolicy } from '../../../resources/authorizationPolicy';
import { fieldsOf } from '../../../resources/fields';
import { compareByAge } from '../../../resources/objectKey';
import { readPod } from '../../../resources/pod';
import type { KubeObject } from '../../../resources/types';
import { readWorkload } from '../../../resources/workload';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { listSelected, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { listValues } from './policyTerms';

/** Gateways that the policy is for, by labels or by target. */
function listGateways(
  snapshot: MeshSnapshot,
  policy: KubeObject,
): WorkloadKey[] {
  const { selector, targets } = readAuthorizationPolicy(policy);
  const { namespace = '' } = policy.metadata;
  const selections =
    targets.length === 0
      ? [{ namespace, selector }]
      : targets
          .filter(({ kind }) => kind === 'Gateway')
          .map(({ name }) => ({
            namespace,
            selector: { [GATEWAY_NAME]: name },
          }));
  return selections
    .flatMap(selection => listSelected(snapshot, selection))
    .filter(key =>
      snapshot.podsOf(key).some(pod => readPod(pod).proxy === 'gateway'),
    );
}

/** A Service behind which the gateway sees the addresses of nodes or of a load balancer. */
function findHidingService(
  snapshot: MeshSnapshot,
  gateway: WorkloadKey,
): KubeObject | undefined {
  const object = snapshot.workload(gateway);
  const settings = object && readWorkload(object).annotations;
  // With the PROXY protocol the load balancer says who called it.
  if (settings?.['proxy.istio.io/config']?.includes('proxyProtocol')) {
    return undefined;
  }
  return snapshot
    .servicesOf(gateway)
    .filter(({ spec }) => {
      const { type, externalTrafficPolicy } = fieldsOf(spec);
      return (
        (type === 'LoadBalancer' || type === 'NodePort') &&
        externalTrafficPolicy !== 'Local'
      );
    })
    .sort(compareByAge)[0];
}

function meshHasProxyProtocol(snapshot: MeshSnapshot): boolean {
  const { gatewayTopology } = fieldsOf(snapshot.meshConfig?.defaultConfig);
  return fieldsOf(gatewayTopology).proxyProtocol !== undefined;
}

/** Source: istio.io, "Ingress Access Control": ipBlocks or remoteIpBlocks by the kind of load balancer. */
export const ipBlocksAtGateway: Rule = {
  code: 'ISB0610',
  name: 'authorization-policy-ip-blocks-at-gateway',
  title: 'ipBlocks at a gateway that does not see its callers’ addresses',
  severity: 'warning',
  explanation:
    'ipBlocks compares the address the connection comes from. With externalTrafficPolicy Cluster that is a node of the cluster, and behind an HTTP load balancer it is the load balancer: an ALLOW rule shuts everybody out or lets everybody in.',
  remedy:
    'Set externalTrafficPolicy Local on the gateway’s Service, or use the PROXY protocol; behind an HTTP load balancer use remoteIpBlocks and numTrustedProxies.',
  equivalents: [],
  subjects: ['AuthorizationPolicy'],
  inputs: [...WORKLOAD_KINDS, 'Service'],
  reach: 'namespace',
  reachOf: { AuthorizationPolicy: 'object' },
  check(subject, { snapshot }) {
    const values = listValues(subject, [
      'ipBlocks',
      'notIpBlocks',
      'source.ip',
    ]);
    if (values.length === 0 || meshHasProxyProtocol(snapshot)) return [];
    const hiding = listGateways(snapshot, subject)
      .map(key => findHidingService(snapshot, key))
      .find(service => service !== undefined);
    if (!hiding) return [];
    const { namespace, name } = hiding.metadata;
    return [...new Set(values.map(({ term }) => term))].map(term => ({
      message: `The gateway behind the Service ${namespace}/${name} sees addresses of nodes, not of callers: its externalTrafficPolicy is not Local.`,
      path: term.fieldPath,
    }));
  },
};
