import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { AuthorizationRequest, CallerSends } from './types';
import { Unknown } from './verdict';

/** What the caller sends, and what makes it. */
export type ResolvedSends =
  | { sends: CallerSends; decidedBy?: DecidedBy }
  | Unknown;

/**
 * As the question says; else what the calling workload's proxy sends; else mTLS for a caller with an
 * identity, and plaintext for one with an address only.
 */
export function resolveCallerSends(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
}): ResolvedSends {
  const { from } = options.request;
  if (from.sends) {
    return { sends: from.sends };
  }
  if (from.principal ?? from.serviceAccount) {
    return { sends: 'mtls' };
  }
  return from.ip === undefined
    ? { missing: ['who calls'] }
    : { sends: 'plaintext' };
}
