import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/security/authn ComposePeerAuthentication: UNSET inherits, but takes the place of its level. */
export const peerPolicyWithoutMode: Rule = {
  code: 'ISB0507',
  name: 'peer-authentication-without-mode',
  title: 'A PeerAuthentication sets no mode',
  severity: 'info',
  explanation:
    'A policy whose mode is missing or UNSET inherits the mode of the namespace or the mesh, so it changes nothing. It is not harmless: as the oldest of its level it keeps younger policies out of force.',
  remedy: 'Set mtls.mode, or delete the policy.',
  equivalents: [],
  subjects: ['PeerAuthentication'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const { mode, portModes, selector } = readPeerAuthentication(subject);
    // A port's mode counts beside a selector only.
    const sets = [mode, ...(selector ? portModes.values() : [])];
    if (sets.some(each => each !== 'UNSET')) return [];
    const inherits =
      subject.metadata.namespace === snapshot.rootNamespace
        ? 'Istio’s default, PERMISSIVE'
        : 'what the wider policy says';
    return [
      {
        message: `It sets no mode, so ${inherits} stays in force.`,
        path: 'spec.mtls.mode',
      },
    ];
  },
};
