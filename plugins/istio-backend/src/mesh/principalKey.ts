import type { BackstageCredentials } from '@backstage/backend-plugin-api';

/**
 * Key under which answers for one principal may be kept. Everything that limits it (actor, access
 * restrictions) is in the principal; the token is not, and must not be in a key.
 */
export function principalKey(credentials: BackstageCredentials): string {
  return JSON.stringify(credentials.principal);
}
