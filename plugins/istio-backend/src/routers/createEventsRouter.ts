import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { API_ROUTES } from '@istio-backstage/plugin-istio-common';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { EventStream, EventStreamOptions } from './EventStream';

export interface EventsRouterOptions extends EventStreamOptions {
  httpAuth: Pick<HttpAuthService, 'credentials'>;
  maxConnections?: number;
}

/**
 * Server-sent events: the refs of changed components, and of those only what the listener may see. A stream
 * ends when its token does; the client comes back with a new one.
 */
export function createEventsRouter(options: EventsRouterOptions): Router {
  const { httpAuth, maxConnections = 500 } = options;
  const router = PromiseRouter();
  let connections = 0;

  router.get(API_ROUTES.subscribe.path, async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    if (connections >= maxConnections) {
      throw new ServiceUnavailableError(
        `All ${maxConnections} event streams of this backend are taken`,
      );
    }
    connections += 1;
    const ended = new Promise<void>(resolve => {
      res.on('close', resolve);
    });
    const stream = new EventStream(res, { credentials }, options);
    try {
      stream.start();
      await ended;
    } finally {
      connections -= 1;
      stream.stop();
    }
  });

  return router;
}
