import type { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  adoptRequestSchema,
  approveRequestSchema,
  cancelRequestSchema,
  changeParamsSchema,
  declineRequestSchema,
  finishRequestSchema,
  resolveRequestSchema,
  reviewRequestSchema,
  type Change,
} from '@istio-backstage/plugin-istio-common';
import express from 'express';
import Router from 'express-promise-router';
import type { z } from 'zod';
import type { ApprovalService, ChangeContext } from '../changes/types';
import { parseBody } from './parseBody';
import { readChangeContext } from './readChangeContext';
import { requireJson } from './requireJson';

const BODY_LIMIT = '16kb';

/** `/v1/approvals` and the decisions about one change: parse, ask the service, answer. */
export function createApprovalsRouter(options: {
  service: ApprovalService;
  httpAuth: HttpAuthService;
}): express.Router {
  const { service, httpAuth } = options;
  const router = Router();
  const contextOf = readChangeContext(httpAuth);

  router.use('/v1/changes', requireJson, express.json({ limit: BODY_LIMIT }));

  router.get('/v1/approvals', async (request, response) => {
    response.json(await service.list(await contextOf(request)));
  });

  addDecisions(router, { service, contextOf });
  return router;
}

type ContextOf = (request: express.Request) => Promise<ChangeContext>;

function addDecisions(
  router: express.Router,
  options: { service: ApprovalService; contextOf: ContextOf },
): void {
  const { service, contextOf } = options;
  /** One decision about one change: what it takes, and who takes it. */
  const decide = <TSchema extends z.ZodTypeAny>(
    verb: string,
    decision: {
      schema: TSchema;
      act: (
        id: string,
        body: z.output<TSchema>,
        context: ChangeContext,
      ) => Promise<Change>;
    },
  ) =>
    router.post(`/v1/changes/:id/${verb}`, async (request, response) => {
      const context = await contextOf(request);
      const { id } = parseBody(changeParamsSchema, request.params);
      const body = parseBody(decision.schema, request.body);
      response.json(await decision.act(id, body, context));
    });
  decide('approve', {
    schema: approveRequestSchema,
    act: (...all) => service.approve(...all),
  });
  decide('decline', {
    schema: declineRequestSchema,
    act: (...all) => service.decline(...all),
  });
  decide('cancel', {
    schema: cancelRequestSchema,
    act: (...all) => service.cancel(...all),
  });
  decide('adopt', {
    schema: adoptRequestSchema,
    act: (...all) => service.adopt(...all),
  });
  decide('review', {
    schema: reviewRequestSchema,
    act: (...all) => service.review(...all),
  });
  decide('finish', {
    schema: finishRequestSchema,
    act: (...all) => service.finish(...all),
  });
  decide('resolve', {
    schema: resolveRequestSchema,
    act: (...all) => service.resolve(...all),
  });
}
