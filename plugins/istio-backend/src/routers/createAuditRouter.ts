import { once } from 'node:events';
import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { API_ROUTES } from '@istio-backstage/plugin-istio-common';
import express from 'express';
import Router from 'express-promise-router';
import type {
  AuditContext,
  AuditExport,
  AuditService,
} from '../audit/auditService';
import { parseRequest } from './parseRequest';
import { requireJson } from './requireJson';

const BODY_LIMIT = '16kb';

/** `/v1/audit`: parse, ask the service, answer; exports are streamed. */
export function createAuditRouter(options: {
  service: AuditService;
  httpAuth: Pick<HttpAuthService, 'credentials'>;
}): express.Router {
  const { service, httpAuth } = options;
  const router = Router();
  const contextOf = async (
    request: express.Request,
  ): Promise<AuditContext> => ({
    request,
    credentials: await httpAuth.credentials(request, { allow: ['user'] }),
  });

  router.get(API_ROUTES.listAuditEntries.path, async (request, response) => {
    const context = await contextOf(request);
    const query = parseRequest(
      API_ROUTES.listAuditEntries.query,
      request.query,
    );
    response.json(await service.search(query, context));
  });

  router.post(
    API_ROUTES.redactAuditEntry.path,
    requireJson,
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      const context = await contextOf(request);
      const route = API_ROUTES.redactAuditEntry;
      const { seq } = parseRequest(route.params, request.params);
      const body = parseRequest(route.body, request.body);
      response.status(201).json(await service.redact(seq, body, context));
    },
  );

  router.get(API_ROUTES.getAuditCoverage.path, async (request, response) => {
    response.json(await service.coverage(await contextOf(request)));
  });

  router.get(API_ROUTES.verifyAuditLog.path, async (request, response) => {
    response.json(await service.verify(await contextOf(request)));
  });

  router.get(API_ROUTES.exportAuditLog.path, async (request, response) => {
    const context = await contextOf(request);
    const query = parseRequest(API_ROUTES.exportAuditLog.query, request.query);
    await send(await service.exportLog(query, context), response);
  });

  router.get(API_ROUTES.makeEvidencePack.path, async (request, response) => {
    const context = await contextOf(request);
    const route = API_ROUTES.makeEvidencePack;
    const query = parseRequest(route.query, request.query);
    await send(await service.makePack(query, context), response);
  });

  return router;
}

async function send(
  { fileName, mediaType, pieces }: AuditExport,
  response: express.Response,
): Promise<void> {
  response.set({
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Cache-Control': 'no-store',
  });
  try {
    for await (const piece of pieces) {
      if (response.destroyed) return;
      if (!response.write(piece)) {
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
    }
    response.end();
  } catch (error) {
    // The head is sent: a connection cut off is the only way left to say that something is missing.
    response.destroy(error as Error);
  }
}
