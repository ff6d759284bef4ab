import type { RequestQuestion } from '@istio-backstage/plugin-istio-common';

/** A question as a person writes it; all of it lives in the URL. */
export interface RequestDraft {
  cluster: string;
  /** `workload:ns/name`, `workload:ns/` for any pod of a namespace, `gateway:ns/name`. */
  caller: string;
  /** `host:port` */
  target: string;
  method: string;
  path: string;
  headers: readonly HeaderDraft[];
}

export interface HeaderDraft {
  name: string;
  value: string;
}

/** Parameters of the URL that hold a question. */
const PARAMETERS = [
  'in',
  'caller',
  'target',
  'method',
  'path',
  'header',
] as const;

/** The question in the URL; undefined when none is asked. */
export function parseDraft(params: URLSearchParams): RequestDraft | undefined {
  const target = params.get('target');
  const caller = params.get('caller');
  if (!target || !caller) return undefined;
  return {
    cluster: params.get('in') ?? '',
    caller,
    target,
    method: params.get('method') ?? 'GET',
    path: params.get('path') ?? '/',
    headers: params.getAll('header').map(parseHeader),
  };
}

function parseHeader(text: string): HeaderDraft {
  const colon = text.indexOf(':');
  return colon < 0
    ? { name: text, value: '' }
    : { name: text.slice(0, colon), value: text.slice(colon + 1).trim() };
}

/** The URL's parameters with this question in place of another. */
export function buildParams(
  old: URLSearchParams,
  draft: RequestDraft,
): URLSearchParams {
  const params = new URLSearchParams(old);
  for (const name of PARAMETERS) params.delete(name);
  if (draft.cluster) params.set('in', draft.cluster);
  params.set('caller', draft.caller);
  params.set('target', draft.target.trim());
  if (draft.method !== 'GET') params.set('method', draft.method);
  if (draft.path !== '/') params.set('path', draft.path);
  for (const { name, value } of draft.headers) {
    if (name.trim()) params.append('header', `${name.trim()}: ${value}`);
  }
  return params;
}

/** What is wrong with the target; undefined when nothing is. */
export function targetProblem(target: string): string | undefined {
  const { host, port } = splitTarget(target);
  if (!host) return 'Name a host and a port, as reviews.catalog:9080';
  if (port === undefined) return 'Add the port, as reviews.catalog:9080';
  return port < 1 || port > 65535 ? 'A port is from 1 to 65535' : undefined;
}

function splitTarget(target: string): { host: string; port?: number } {
  const match = /^(.*?):(\d{1,6})$/.exec(target.trim());
  return match
    ? { host: match[1], port: Number(match[2]) }
    : { host: target.trim() };
}

/** The question for the API; undefined while it is not complete. */
export function toQuestion(draft: RequestDraft): RequestQuestion | undefined {
  const from = parseCaller(draft.caller);
  const { host, port } = splitTarget(draft.target);
  if (!from || port === undefined || targetProblem(draft.target)) {
    return undefined;
  }
  const headers = draft.headers.filter(({ name }) => name.trim());
  return {
    cluster: draft.cluster,
    from,
    host,
    port,
    method: draft.method,
    path: draft.path.startsWith('/') ? draft.path : `/${draft.path}`,
    ...(headers.length > 0
      ? {
          headers: Object.fromEntries(
            headers.map(({ name, value }) => [name.trim(), value]),
          ),
        }
      : {}),
  };
}

function parseCaller(caller: string): RequestQuestion['from'] | undefined {
  const match = /^(workload|gateway):([^/]+)\/(.*)$/.exec(caller);
  if (!match) return undefined;
  const [, kind, namespace, name] = match;
  if (kind === 'gateway') return { kind, namespace, name };
  return name
    ? { kind: 'workload', namespace, name }
    : { kind: 'workload', namespace };
}
