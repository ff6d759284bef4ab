import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  changeListQuerySchema,
  changeParamsSchema,
  previewRequestSchema,
  revertRequestSchema,
  submitRequestSchema,
} from '@istio-backstage/plugin-istio-common';
import express from 'express';
import Router from 'express-promise-router';
import type { z } from 'zod';
import type { ChangeContext, ChangeService } from '../changes/types';
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
  const contextOf = async (
    request: express.Request,
  ): Promise<ChangeContext> => ({
    credentials: await httpAuth.credentials(request, { allow: ['user'] }),
    request,
  });

  router.use('/v1/changes', requireJson, express.json({ limit: BODY_LIMIT }));

  router.post('/v1/changes/preview', async (request, response) => {
    const context = await contextOf(request);
    const body = parse(previewRequestSchema, request.body);
    response.json(await service.preview(body, context));
  });

  router.post('/v1/changes', async (request, response) => {
    const context = await contextOf(request);
    const body = parse(submitRequestSchema, request.body);
    response.status(201).json(await service.submit(body, context));
  });

  router.get('/v1/changes', async (request, response) => {
    const context = await contextOf(request);
    const query = parse(changeListQuerySchema, request.query);
    response.json(await service.list(query, context));
  });

  router.get('/v1/changes/:id', async (request, response) => {
    const context = await contextOf(request);
    const { id } = parse(changeParamsSchema, request.params);
    response.json(await service.get(id, context));
  });

  router.post('/v1/changes/:id/revert/preview', async (request, response) => {
    const context = await contextOf(request);
    const { id } = parse(changeParamsSchema, request.params);
    response.json(await service.previewRevert(id, context));
  });

  router.post('/v1/changes/:id/revert', async (request, response) => {
    const context = await contextOf(request);
    const { id } = parse(changeParamsSchema, request.params);
    const body = parse(revertRequestSchema, request.body);
    response.status(201).json(await service.revert(id, body, context));
  });

  return router;
}

/** Throws InputError with the path of each field and what it must be. */
function parse<T extends z.ZodTypeAny>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) {
    return result.data;
  }
  throw new InputError(
    result.error.issues
      .map(issue =>
        issue.path.length > 0
          ? `${pathText(issue.path)}: ${issue.message}`
          : issue.message,
      )
      .join('; '),
  );
}

/** `intent.params.weights[1].key` */
function pathText(path: (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') {
      return `${text}[${part}]`;
    }
    return text ? `${text}.${part}` : part;
  }, '');
}
