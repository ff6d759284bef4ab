import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import { countProxies } from '../../../mesh/mtls/resolveInboundProxy';
import {
  describeWorkloads,
  listSelected,
  WORKLOAD_KINDS,
} from '../../selectedWorkloads';
import type { Rule } from '../../types';

export const strictNotEnforced: Rule = {
  code: 'ISB0506',
  name: 'peer-authentication-strict-without-proxy',
  title: 'STRICT covers pods that run without a proxy',
  severity: 'warning',
  explanation:
    'Only a sidecar or ztunnel can insist on mTLS. Pods without one take plaintext from anybody, whatever the policy says.',
  remedy:
    'Let the pods be injected or captured (and restart them), or write down that they stay outside the mesh by a policy that does not cover them.',
  equivalents: [],
  subjects: ['PeerAuthentication'],
  inputs: WORKLOAD_KINDS,
  reach: 'namespace',
  reachOf: { PeerAuthentication: 'object' },
  check(subject, { snapshot }) {
    const { mode, selector } = readPeerAuthentication(subject);
    const { namespace = '' } = subject.metadata;
    if (mode !== 'STRICT' || namespace === snapshot.rootNamespace) return [];
    const open = listSelected(snapshot, { namespace, selector }).filter(key => {
      // Pods of Jobs come and go; without a selector nobody meant them.
      if (key.kind === 'Pod' && !selector) return false;
      const { total, withProxy } = countProxies(snapshot, key);
      return total > withProxy;
    });
    return open.length === 0
      ? []
      : [
          {
            message: `Not in force at ${describeWorkloads(
              open,
              namespace,
            )}: pods run there without a proxy and accept plaintext.`,
            path: 'spec.mtls.mode',
          },
        ];
  },
};
