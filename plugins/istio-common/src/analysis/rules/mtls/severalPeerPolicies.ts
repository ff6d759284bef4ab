import { compareByAge, namespacedName } from '../../../resources/objectKey';
import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import type { KubeObject } from '../../../resources/types';
import type { Rule } from '../../types';

function isWide(policy: KubeObject): boolean {
  return readPeerAuthentication(policy).selector === undefined;
}

/** Source: istio/istio pilot/pkg/security/authn ComposePeerAuthentication. */
export const severalPeerPolicies: Rule = {
  code: 'ISB0502',
  name: 'peer-authentication-several',
  title: 'A namespace has more than one PeerAuthentication without selector',
  severity: 'error',
  explanation:
    'Istio takes the oldest for the namespace, or from the root namespace for the mesh, and ignores the others whole: they are not merged. Where a younger one says STRICT, plaintext may still be accepted.',
  remedy:
    'Keep one PeerAuthentication without selector per namespace and delete the ignored ones.',
  equivalents: ['KIA0002'],
  subjects: ['PeerAuthentication'],
  inputs: [],
  reach: 'namespace',
  check(subject, { snapshot }) {
    if (!isWide(subject)) return [];
    const [oldest] = snapshot
      .inNamespace('PeerAuthentication', subject.metadata.namespace ?? '')
      .filter(isWide)
      .sort(compareByAge);
    if (oldest === subject) return [];
    const { mode } = readPeerAuthentication(subject);
    const inForce = readPeerAuthentication(oldest).mode;
    return [
      {
        message: `Ignored: ${namespacedName(
          oldest.metadata,
        )} is older and has no selector either, so ${inForce} is in force instead of ${mode}.`,
        path: 'spec',
        ...(mode === inForce && { severity: 'warning' }),
      },
    ];
  },
};
