import { resolveInboundProxy } from '../../../mesh/mtls/resolveInboundProxy';
import { resolvePeerMode } from '../../../mesh/mtls/resolvePeerMode';
import { readWorkload } from '../../../resources/workload';
import type { WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import { CONTROLLER_KINDS, WORKLOAD_KINDS } from '../../selectedWorkloads';
import { listServedPorts } from '../../servedPorts';
import type { Rule } from '../../types';

const ANNOTATIONS = [
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/includeInboundPorts',
];

/** Source: istio.io, resource annotations excludeInboundPorts and includeInboundPorts. */
export const bypassedPort: Rule = {
  code: 'ISB0509',
  name: 'workload-port-bypasses-strict',
  title: 'A port under STRICT is kept away from the sidecar',
  severity: 'warning',
  explanation:
    'An annotation of the pods takes the port out of the sidecar’s hands. Connections to it reach the application as they come: neither mTLS nor authorization policies are enforced there.',
  remedy:
    'Remove the port from the annotation, or give it a PERMISSIVE exception if only plaintext is needed.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'Service', 'PeerAuthentication'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { annotations, labels } = readWorkload(subject);
    const annotation = ANNOTATIONS.find(name => annotations[name]);
    if (!annotation) return [];
    const { namespace = '', name } = subject.metadata;
    const kind = subject.kind as WorkloadKey['kind'];
    const workload = { kind, namespace, name };
    if (proxyOf(snapshot, workload) !== 'sidecar') return [];
    return [...listServedPorts(snapshot, workload)].flatMap(
      ([port, service]) => {
        const bypassed =
          resolveInboundProxy({ snapshot, workload, port }).by === 'none';
        const { mode } = resolvePeerMode({
          snapshot,
          namespace,
          labels,
          port,
        }).ported;
        return bypassed && mode === 'STRICT'
          ? [
              {
                message: `Port ${port}, which the Service ${service} leads to, goes past the sidecar: STRICT is not enforced there.`,
                path: `spec.template.metadata.annotations['${annotation}']`,
              },
            ]
          : [];
      },
    );
  },
};
