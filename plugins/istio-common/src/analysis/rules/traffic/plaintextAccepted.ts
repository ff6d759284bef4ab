import { CONTROLLER_KINDS, WORKLOAD_KINDS } from '../../selectedWorkloads';
import type { Rule } from '../../types';
import { findPlaintext } from './plaintextCallers';

/** Source: istio/istio connection_security_policy of the server's proxy. */
export const plaintextAccepted: Rule = {
  code: 'ISB1202',
  name: 'traffic-plaintext-accepted',
  title: 'A workload takes plaintext from some callers',
  severity: 'info',
  explanation:
    'The workload is PERMISSIVE and within the window somebody made use of it. What these callers send can be read on its way, and they have no identity that a policy could ask for.',
  remedy:
    'Bring the callers into the mesh, then set the workload to STRICT. Before that, STRICT would refuse them.',
  equivalents: [],
  subjects: CONTROLLER_KINDS,
  inputs: [...WORKLOAD_KINDS, 'Namespace', 'Service', 'PeerAuthentication'],
  reach: 'namespace',
  needs: ['traffic'],
  check(subject, { snapshot, traffic }) {
    const plain = findPlaintext({
      snapshot,
      traffic,
      subject,
      mode: 'PERMISSIVE',
    });
    return plain
      ? [
          {
            message: `It accepted plaintext: ${plain.text}.`,
            path: '',
          },
        ]
      : [];
  },
};
