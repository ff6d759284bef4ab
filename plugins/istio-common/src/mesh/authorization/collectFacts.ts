import { fieldsListOf, fieldsOf, textOf } from '../../resources/fields';
import { readMeshSecurity } from '../../resources/meshConfig';
import { readPod } from '../../resources/pod';
import { KubeObject } from '../../resources/types';
import { readWorkload } from '../../resources/workload';
import { MeshSnapshot, WorkloadKey } from '../../snapshot/types';
import { RequestFacts } from './facts';
import {
  AuthorizationCaller,
  AuthorizationRequest,
  CallerSends,
} from './types';

/** What policies can ask about, put together from the question and the snapshot. */
export function collectFacts(options: {
  snapshot: MeshSnapshot;
  request: AuthorizationRequest;
  sends: CallerSends;
  /** The proxy ends the caller's TLS. */
  identity: boolean;
  claims: RequestFacts['claims'];
}): RequestFacts {
  const { snapshot, request, sends, identity, claims } = options;
  const { from, to } = request;
  const headers = lowerNames(request.headers ?? {});
  const peerIps = addressesOf(snapshot, from);
  const forwarded = headers['x-forwarded-for']?.split(',').pop()?.trim();
  const remoteIp = from.remoteIp ?? (forwarded || undefined);
  return {
    principal: identity ? principalOf(snapshot, from) : null,
    peerIps,
    remoteIps: remoteIp ? [remoteIp] : peerIps,
    serverIps: podAddresses(snapshot, to.workload),
    port: to.port,
    sni: request.sni ?? (sends === 'plaintext' ? '' : undefined),
    method: request.method,
    path: request.path,
    host: request.host ?? headers[':authority'] ?? headers.host,
    headers,
    claims,
    trustDomains: readMeshSecurity(snapshot.meshConfig).trustDomains,
  };
}

/** The caller's identity without `spiffe://`; undefined: it has one that is not known. */
export function principalOf(
  snapshot: MeshSnapshot,
  from: AuthorizationCaller,
): string | undefined {
  if (from.principal !== undefined) {
    return from.principal.replace(/^spiffe:\/\//, '');
  }
  const account = accountOf(snapshot, from);
  const [trustDomain] = readMeshSecurity(snapshot.meshConfig).trustDomains;
  return account && `${trustDomain}/ns/${account.namespace}/sa/${account.name}`;
}

/** A pod that names no service account runs as `default`. */
function accountOf(
  snapshot: MeshSnapshot,
  from: AuthorizationCaller,
): { namespace: string; name: string } | undefined {
  if (from.namespace && from.serviceAccount) {
    return { namespace: from.namespace, name: from.serviceAccount };
  }
  const object = from.workload && snapshot.workload(from.workload);
  return from.workload && object
    ? {
        namespace: from.workload.namespace,
        name: readWorkload(object).serviceAccount ?? 'default',
      }
    : undefined;
}

function addressesOf(
  snapshot: MeshSnapshot,
  from: AuthorizationCaller,
): readonly string[] {
  if (from.ip !== undefined) {
    return [from.ip];
  }
  return from.workload ? podAddresses(snapshot, from.workload) : [];
}

/** Addresses of the workload's pods; none where a pod's is not known, since it could be any. */
function podAddresses(
  snapshot: MeshSnapshot,
  workload: WorkloadKey,
): readonly string[] {
  const addresses = snapshot
    .podsOf(workload)
    .filter(pod => !readPod(pod).gone)
    .map(addressOf);
  return addresses.every(address => address !== undefined)
    ? (addresses as string[])
    : [];
}

/** The first one, which is the one Istio goes by. */
function addressOf(pod: KubeObject): string | undefined {
  const status = fieldsOf(pod.status);
  return textOf(status.podIP) ?? textOf(fieldsListOf(status.podIPs)[0]?.ip);
}

function lowerNames(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
