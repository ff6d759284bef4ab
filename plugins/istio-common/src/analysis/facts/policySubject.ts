import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import type { PolicyTarget } from '../../resources/policyTarget';
import { readRequestAuthentication } from '../../resources/requestAuthentication';
import type { Labels } from '../../resources/selector';
import type { KubeObject } from '../../resources/types';

/** What a policy about requests is attached to. */
export interface Attachment {
  selector?: Labels;
  targets: readonly PolicyTarget[];
}

/** Of an AuthorizationPolicy or a RequestAuthentication. */
export function readAttachment(policy: KubeObject): Attachment {
  const { selector, targets } =
    policy.kind === 'RequestAuthentication'
      ? readRequestAuthentication(policy)
      : readAuthorizationPolicy(policy);
  return selector ? { selector, targets } : { targets };
}
