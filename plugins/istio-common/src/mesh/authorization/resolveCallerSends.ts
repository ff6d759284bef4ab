import { DecidedBy } from '../../resources/types';
import { MeshSnapshot } from '../../snapshot/types';
import { resolveMtlsPair } from '../mtls/resolveMtlsPair';
import { AuthorizationRequest, CallerSends } from './types';
import { Unknown } from './verdict';

/** What the caller sends, and what makes it. */
export type ResolvedSends =
  | { sends: CallerSends; decidedBy?: DecidedBy }
  | Unknown;

/**
 * As the question says; else mTLS for a caller with an identity; else what the calling workload's proxy
 * sends; else plaintext for one with an address only.
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
  if (from.workload) {
    return sentByWorkload(options, from.workload);
  }
  return from.ip === undefined
    ? { missing: ['who calls'] }
    : { sends: 'plaintext' };
}

function sentByWorkload(
  options: { snapshot: MeshSnapshot; request: AuthorizationRequest },
  workload: NonNullable<AuthorizationRequest['from']['workload']>,
): ResolvedSends {
  const { snapshot, request } = options;
  const { client } = resolveMtlsPair({
    snapshot,
    server: request.to.workload,
    port: request.to.port,
    client: { workload, service: request.to.service },
  });
  const sends = new Set(client?.endpoints.map(endpoint => endpoint.sends));
  const [only] = sends;
  if (sends.size !== 1 || !only) {
    return { missing: ['what the caller sends to which pod of the server'] };
  }
  return {
    sends: only === 'mutualTLS' ? 'tls' : only,
    decidedBy: client?.decidedBy[0],
  };
}
