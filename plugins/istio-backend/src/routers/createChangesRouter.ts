import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  changeListQuerySchema,
  changeParamsSchema,
  previewRequestSchema,
  revertRequestSchema,
  submitRequestSchema,
} from '@istio-backstage/plugin-istio-common';
import express from 'express';
import Router from 'express-promise-router';
import type { ChangeService } from '../changes/types';
import { parseBody } from './parseBody';
import { readChangeContext } from './readChangeContext';
import { requireJson } from './requireJson';

/** Plans are small; whatever is larger is not one of ours. */
const BODY_LIMIT = '256kb';

/**
 * `/v1/changes`: parse, ask the service, answer. Mutations take JSON with a bearer token of a
 * signed-in user only, so that a form on another site cannot make one.
 */
export function createChangesRouter(options: {
  service: ChangeService;
  httpAuth: HttpAuthService;
}): express.Router {
  const { service, httpAuth } = options;
  const router = Router();
  const contextOf = readChangeContext(httpAuth);

  router.use('/v1/changes', requireJson, express.json({ limit: BODY_LIMIT }));

  router.post('/v1/changes/preview', async (request, response) => {
    const context = await contextOf(request);
    const body = parseBody(previewRequestSchema, request.body);
    response.json(await service.preview(body, context));
  });

  router.post('/v1/changes', async (request, response) => {
    const context = await contextOf(request);
    const body = parseBody(submitRequestSchema, request.body);
    response.status(201).json(await service.submit(body, context));
  });

  router.get('/v1/changes', async (request, response) => {
    const context = await contextOf(request);
    const query = parseBody(changeListQuerySchema, request.query);
    response.json(await service.list(query, context));
  });

  router.get('/v1/changes/:id', async (request, response) => {
    const context = await contextOf(request);
    const { id } = parseBody(changeParamsSchema, request.params);
    response.json(await service.get(id, context));
  });

  router.post('/v1/changes/:id/revert/preview', async (request, response) => {
    const context = await contextOf(request);
    const { id } = parseBody(changeParamsSchema, request.params);
    response.json(await service.previewRevert(id, context));
  });

  router.post('/v1/changes/:id/revert', async (request, response) => {
    const context = await contextOf(request);
    const { id } = parseBody(changeParamsSchema, request.params);
    const body = parseBody(revertRequestSchema, request.body);
    response.status(201).json(await service.revert(id, body, context));
  });

  return router;
}
