import { describeSelector } from '../../../resources/selector';
import { readPeerAuthentication } from '../../../resources/peerAuthentication';
import type { Rule } from '../../types';

/**
 * A PeerAuthentication with a selector in the root namespace selects nothing, unlike an
 * AuthorizationPolicy there. Source: istio/istio pilot/pkg/model authentication policies, addPeerAuthentication.
 */
export const rootSelectorIgnored: Rule = {
  code: 'ISB0501',
  name: 'peer-authentication-root-selector-ignored',
  title: 'A PeerAuthentication with a selector stands in the root namespace',
  severity: 'warning',
  explanation:
    'Istio reads only PeerAuthentications without selector from its root namespace, as the rule of the whole mesh. One with a selector there has no effect on workloads of any other namespace, so mTLS is not what it says.',
  remedy:
    'Move the policy into the namespace of the workloads it is meant for, or remove the selector if it is meant for the mesh.',
  equivalents: [],
  subjects: ['PeerAuthentication'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const { selector } = readPeerAuthentication(subject);
    if (!selector || subject.metadata.namespace !== snapshot.rootNamespace) {
      return [];
    }
    return [
      {
        message: `Istio ignores it: a policy of the root namespace ${
          snapshot.rootNamespace
        } may not select workloads (${describeSelector(selector)}).`,
        path: 'spec.selector',
      },
    ];
  },
};
