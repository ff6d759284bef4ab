import { DecidedBy } from '../../resources/types';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { listWorkloads } from '../workloadKeys';
import { resolveAuthorization } from './resolveAuthorization';
import { AuthorizationAnswer, AuthorizationRequest } from './types';

/**
 * `always`: whatever is asked; `sometimes`: it depends on the request, or on a provider; `never`: denied;
 * `refused`: the port does not take what the caller sends; `unknown`: a fact of the caller is missing.
 */
export type CallerAccess =
  | 'always'
  | 'sometimes'
  | 'never'
  | 'refused'
  | 'unknown';

/** One possible caller and whether it may. */
export interface AllowedCaller {
  /** Undefined: a caller outside the mesh, without an identity. */
  workload?: WorkloadKey;
  access: CallerAccess;
  decidedBy: DecidedBy[];
  reason: string;
  /** What it depends on: `request method`. */
  dependsOn: string[];
}

/** Facts that a caller chooses with each request. */
const OF_THE_REQUEST = new Set([
  'request method',
  'request path',
  'request host',
  'claims of the token',
  'server name of the TLS handshake (SNI)',
]);

/**
 * Who may call a port: each workload of the cluster with what its proxy sends, and a caller outside the
 * mesh. A request's headers and token count as not sent.
 */
export function listAllowedCallers(options: {
  snapshot: MeshSnapshot;
  to: AuthorizationRequest['to'];
}): AllowedCaller[] {
  const { snapshot, to } = options;
  const ask = (from: AuthorizationRequest['from']) =>
    resolveCallerAccess({ snapshot, from, to });
  return [
    ...listWorkloads(snapshot).map(workload => ({
      workload,
      ...ask({ workload }),
    })),
    ask({ sends: 'plaintext' }),
  ];
}

/** Whether one caller may, whatever it asks for. */
export function resolveCallerAccess(options: {
  snapshot: MeshSnapshot;
  from: AuthorizationRequest['from'];
  to: AuthorizationRequest['to'];
}): Omit<AllowedCaller, 'workload'> {
  const { snapshot, from, to } = options;
  const answer = resolveAuthorization({ snapshot, request: { from, to } });
  const { decidedBy, reason, missing } = answer;
  return { access: accessOf(answer), decidedBy, reason, dependsOn: missing };
}

function accessOf({ decision, missing }: AuthorizationAnswer): CallerAccess {
  switch (decision) {
    case 'allow':
      return 'always';
    case 'deny':
      return 'never';
    case 'external':
      return 'sometimes';
    case 'refused':
      return 'refused';
    default:
      return missing.length > 0 &&
        missing.every(fact => OF_THE_REQUEST.has(fact))
        ? 'sometimes'
        : 'unknown';
  }
}
