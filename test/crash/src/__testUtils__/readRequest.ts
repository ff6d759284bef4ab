import {
  isDryRun,
  type SeenRequest,
} from '../../../../plugins/istio-backend/src/changes/__testUtils__/TinyApiServer';

/** Whether a request changes an object. */
export function isWrite(request: SeenRequest): boolean {
  const { method, path } = request;
  return (
    method !== 'GET' && !isDryRun(request) && path.includes('/namespaces/')
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
