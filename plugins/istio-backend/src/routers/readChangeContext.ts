import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import type { ChangeContext } from '../changes/types';

/** Says of a request who asks; changes are asked for and decided by people only. */
export function readChangeContext(
  httpAuth: HttpAuthService,
): (request: Request) => Promise<ChangeContext> {
  return async request => ({
    credentials: await httpAuth.credentials(request, { allow: ['user'] }),
    request,
  });
}
