import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

/** "May A call B?" as the form holds it; empty text: not said. */
export interface Question {
  /** `namespace/name`, or an address. */
  caller: string;
  port: string;
  method: string;
  path: string;
  headers: string;
  claims: string;
}

export const EMPTY_QUESTION: Question = {
  caller: '',
  port: '',
  method: '',
  path: '',
  headers: '',
  claims: '',
};

const FIELDS = [
  'caller',
  'port',
  'method',
  'path',
  'headers',
  'claims',
] as const satisfies readonly (keyof Question)[];

/** The question that a URL carries; without a caller there is none. */
export function parseQuestion(params: URLSearchParams): Question | undefined {
  const question = Object.fromEntries(
    FIELDS.map(field => [field, params.get(field) ?? '']),
  ) as unknown as Question;
  return question.caller ? question : undefined;
}

/** The URL's parameters with another question; the rest of them stays. */
export function withQuestion(
  params: URLSearchParams,
  question: Question | undefined,
): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const field of FIELDS) {
    const value = question?.[field].trim();
    if (value) next.set(field, value);
    else next.delete(field);
  }
  return next;
}

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i;

/** As the API asks it. */
export function toQuery(question: Question) {
  const { caller, port, method, path, headers, claims } = question;
  const said = { port, method, path, headers, claims };
  return {
    ...(ADDRESS.test(caller) ? { fromIp: caller } : { from: caller }),
    ...Object.fromEntries(
      Object.entries(said).filter(([, value]) => value !== ''),
    ),
  };
}

/** What the form says that cannot be asked; undefined: it can. */
export function findProblem(question: Question): string | undefined {
  const { caller, port, path } = question;
  if (!caller) {
    return 'Say who calls.';
  }
  if (!ADDRESS.test(caller) && !/^[^/\s]+\/[^/\s]+$/.test(caller)) {
    return 'A caller is a workload or service account as namespace/name, or an address.';
  }
  if (port && !(Number(port) >= 1 && Number(port) <= 65535)) {
    return 'A port is a number from 1 to 65535.';
  }
  return path && !path.startsWith('/')
    ? 'A path starts with a slash.'
    : undefined;
}

/** Reads and writes what the Security view keeps in the URL. */
export function useSecurityUrl() {
  const [params, setParams] = useSearchParams();
  const question = useMemo(() => parseQuestion(params), [params]);
  const ask = useCallback(
    (asked: Question) => setParams(old => withQuestion(old, asked)),
    [setParams],
  );
  const set = useCallback(
    (name: 'strict' | 'over', value: string | undefined) =>
      setParams(
        old => {
          const next = new URLSearchParams(old);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return {
    question,
    ask,
    scope:
      params.get('strict') === 'namespace'
        ? ('namespace' as const)
        : ('component' as const),
    over: parseOver(params.get('over')),
    set,
  };
}

/** How long a time is to prove readiness. */
export const OVER = [
  { id: '6h', label: '6 h of traffic' },
  { id: '1d', label: '1 day of traffic' },
  { id: '7d', label: '7 days of traffic' },
] as const;

const DEFAULT_OVER = '1d';

function parseOver(text: string | null): string {
  return OVER.some(({ id }) => id === text) ? String(text) : DEFAULT_OVER;
}
