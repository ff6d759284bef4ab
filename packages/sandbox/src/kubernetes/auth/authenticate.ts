import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { unauthorized } from '../requests/ApiError';
import type { TokenTable } from '../types';
import type { UserInfo } from './types';

const AUTHENTICATED = 'system:authenticated';

const ANONYMOUS: UserInfo = {
  user: 'system:anonymous',
  groups: ['system:unauthenticated'],
  extra: {},
};

interface IssuedToken {
  identity: UserInfo;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** The token table, and tokens issued to service accounts by TokenRequest. */
export class TokenAuthenticator {
  private readonly issued = new Map<string, IssuedToken>();

  constructor(
    private readonly users: TokenTable,
    private readonly clock: () => number,
  ) {}

  /** @throws ApiError 401 for a bearer token nobody knows; without a token the request is anonymous. */
  authenticate(headers: IncomingHttpHeaders): UserInfo {
    const { authorization } = headers;
    if (authorization === undefined) {
      return ANONYMOUS;
    }
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
    const user = token === undefined ? undefined : this.identify(token);
    if (!user) {
      throw unauthorized();
    }
    return user;
  }

  identify(token: string): UserInfo | undefined {
    const issued = this.issued.get(token);
    if (issued) {
      return issued.expiresAt > this.clock() ? issued.identity : undefined;
    }
    const known = Object.hasOwn(this.users, token)
      ? this.users[token]
      : undefined;
    return (
      known && {
        user: known.user,
        groups: [...(known.groups ?? []), AUTHENTICATED],
        uid: known.uid,
        extra: known.extra ?? {},
      }
    );
  }

  /** A bearer token for a service account; opaque, not a JWT. */
  issue(account: {
    namespace: string;
    name: string;
    uid?: string;
    seconds: number;
  }): { token: string; expiresAt: number } {
    const token = `sandbox-sa-${randomBytes(24).toString('hex')}`;
    const expiresAt = this.clock() + account.seconds * 1000;
    const identity = {
      ...serviceAccount(account.namespace, account.name),
      uid: account.uid,
    };
    this.issued.set(token, { identity, expiresAt });
    return { token, expiresAt };
  }
}

/** User and groups a service account acts as. */
export function serviceAccount(namespace: string, name: string): UserInfo {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: [
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      AUTHENTICATED,
    ],
    extra: {},
  };
}
