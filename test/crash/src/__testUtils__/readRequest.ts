import type { SeenRequest } from '../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';

/** Whether a request changes an object. */
export function isWrite({ method, query, path }: SeenRequest): boolean {
  return (
    method !== 'GET' && !query.has('dryRun') && path.includes('/namespaces/')
  );
}

/** Which change a request is for, and which of its attempts it is. */
export function attemptOf({ headers }: SeenRequest): {
  changeId?: string;
  id?: string;
} {
  const [, changeId] =
    /change\/(\S+)$/.exec(String(headers['user-agent'])) ?? [];
  const id = headers['audit-id'];
  return { changeId, id: id === undefined ? undefined : String(id) };
}
