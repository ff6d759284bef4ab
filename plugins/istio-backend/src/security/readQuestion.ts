import { InputError } from '@backstage/errors';
import type {
  AuthorizationQuery,
  ComponentQuestion,
} from '@istio-backstage/plugin-istio-common';

/** The question of a query. Throws InputError that names the field. */
export function readQuestion(query: AuthorizationQuery): ComponentQuestion {
  const { from, fromIp, port, method, path, host, headers, claims } = query;
  return {
    from: readFrom(from, fromIp),
    ...(port === undefined ? {} : { port }),
    ...(method ? { method: method.toUpperCase() } : {}),
    ...(path ? { path } : {}),
    ...(host ? { host } : {}),
    ...(headers ? { headers: readHeaders(headers) } : {}),
    ...(claims ? { token: { claims: readClaims(claims) } } : {}),
  };
}

function readFrom(
  from: string | undefined,
  fromIp: string | undefined,
): ComponentQuestion['from'] {
  if ((from === undefined) === (fromIp === undefined)) {
    throw new InputError('from: give one of from and fromIp');
  }
  if (fromIp !== undefined) return { ip: fromIp };
  const [namespace, name] = (from ?? '').split('/');
  return { namespace, name };
}

function readHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
  return Object.fromEntries(
    lines.map(line => {
      const [, name, value] = /^\s*([^\s:]+)\s*:(.*)$/.exec(line) ?? [];
      if (name === undefined) {
        throw new InputError(
          `headers: a line must look like "name: value", "${line.slice(
            0,
            80,
          )}" does not`,
        );
      }
      return [name.toLowerCase(), value.trim()];
    }),
  );
}

function readClaims(text: string): Record<string, unknown> {
  let claims: unknown;
  try {
    claims = JSON.parse(text);
  } catch {
    claims = undefined;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new InputError(
      'claims: must be a JSON object, for example {"iss": "https://login.example"}',
    );
  }
  return claims as Record<string, unknown>;
}
