import { resolvePortMtls } from '../../../mesh/mtls/resolvePortMtls';
import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import type { MeshSnapshot, WorkloadKey } from '../../../snapshot/types';
import { proxyOf } from '../../facts/workloadProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule, RuleFinding } from '../../types';

function judgePort(
  snapshot: MeshSnapshot,
  options: { workloads: WorkloadKey[]; port: number; namespace: string },
): RuleFinding {
  const { workloads, port, namespace } = options;
  const strict = workloads.filter(
    workload => resolvePortMtls({ snapshot, workload, port }).mode === 'STRICT',
  );
  const path = `spec.portLevelMtls['${port}']`;
  const where = describeWorkloads(
    strict.length > 0 ? strict : workloads,
    namespace,
  );
  return strict.length > 0
    ? {
        message: `At ${where} port ${port} stays STRICT: in ambient mode only PERMISSIVE makes an exception from it.`,
        path,
        severity: 'error',
      }
    : {
        message: `At ${where} port ${port} still accepts mTLS: ztunnel knows no DISABLE and takes it for PERMISSIVE.`,
        path,
      };
}

/** Source: istio/istio pilot/pkg/serviceregistry/ambient convertPeerAuthentication. */
export const disableUnderAmbient: Rule = {
  code: 'ISB1104',
  name: 'ambient-mtls-disable',
  title: 'mTLS is disabled for workloads in ambient mode',
  severity: 'info',
  explanation:
    'ztunnel knows "mTLS only" and "mTLS or plaintext". DISABLE does not switch encryption between ambient workloads off; for a single port below a STRICT policy it does not even let plaintext in.',
  remedy: 'Write PERMISSIVE where plaintext is to be accepted.',
  equivalents: [],
  subjects: ['PeerAuthentication'],
  inputs: [...WORKLOAD_KINDS, 'Namespace'],
  reach: 'namespace',
  check(subject, { snapshot }) {
    const { mode, portModes, selector } = readPeerAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    const disabled = [...portModes.entries()]
      .filter(([, portMode]) => selector && portMode === 'DISABLE')
      .map(([port]) => port);
    if (mode !== 'DISABLE' && disabled.length === 0) return [];
    const ambient = listSelected(snapshot, { namespace, selector }).filter(
      key => proxyOf(snapshot, key) === 'ambient',
    );
    if (ambient.length === 0) return [];
    const where = describeWorkloads(ambient, namespace);
    return [
      ...(mode === 'DISABLE'
        ? [
            {
              message: `At ${where} mTLS is still accepted and used: ztunnel knows no DISABLE and takes it for PERMISSIVE.`,
              path: 'spec.mtls.mode',
            },
          ]
        : []),
      ...disabled.map(port =>
        judgePort(snapshot, { workloads: ambient, port, namespace }),
      ),
    ];
  },
};
