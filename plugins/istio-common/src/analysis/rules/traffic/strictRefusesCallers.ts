import { CONTROLLER_KINDS, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { findPlaintext } from './plaintextCallers';

/** Source: istio/istio connection_security_policy of the server's proxy; pilot/pkg/security/authn STRICT. */
export const strictRefusesCallers: Rule = {
  code: 'ISB1201',
  name: 'traffic-strict-refuses-callers',
  title: 'Callers that send plaintext to a workload that is STRICT',
  severity: 'error',
  explanation:
    'The workload accepts mTLS only, and within the window it was sent plaintext. These callers are refused now, or will be as soon as the proxies have taken the policy.',
  remedy:
    'Bring the callers into the mesh (a sidecar or ambient mode), or make an exception of PERMISSIVE for the port until they are.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'Service', 'PeerAuthentication'],
  reach: 'namespace',
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const plain = findPlaintext({ snapshot, traffic, subject, mode: 'STRICT' });
    return plain
      ? [
          {
            message: `It is STRICT and refuses plaintext, as it got by ${plain.text}.`,
            path: '',
          },
        ]
      : [];
  },
};
