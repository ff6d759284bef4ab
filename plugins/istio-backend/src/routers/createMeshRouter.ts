import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  API_ROUTES,
  buildOpenApi,
  describeRules,
  ComponentMesh,
} from '@istio-backstage/plugin-istio-common';
import express, { type Request, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseWindow } from '../mesh/parseWindow';
import type { MeshContext, MeshService } from '../mesh/types';
import { parseRequest } from './parseRequest';
import { requireJson } from './requireJson';

export interface MeshRouterOptions {
  mesh: MeshService;
  httpAuth: Pick<HttpAuthService, 'credentials'>;
}

/** A question is a request's head: an address and some headers. */
const QUESTION_LIMIT = '64kb';

type ContextOf = (req: Request) => Promise<MeshContext>;

/** The reading half of the HTTP API: parse with the contract, ask the service, answer. */
export function createMeshRouter(options: MeshRouterOptions): Router {
  const { mesh, httpAuth } = options;
  const router = PromiseRouter();
  const contextOf: ContextOf = async req => ({
    credentials: await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    }),
  });
  addFindingRoutes({ router, mesh, contextOf });
  addObjectRoute({ router, mesh, contextOf });
  addSecurityRoutes({ router, mesh, contextOf });
  addTrafficRuleRoutes({ router, mesh, contextOf });
  addOpenApiRoute(router, contextOf);

  router.get(API_ROUTES.listClusters.path, async (req, res) => {
    await contextOf(req);
    res.json(mesh.listClusters());
  });

  router.get(API_ROUTES.getComponentMesh.path, async (req, res) => {
    const context = await contextOf(req);
    const entityRef = entityRefOf(req);
    const query = parseRequest(API_ROUTES.getComponentMesh.query, req.query);
    const answer: ComponentMesh = await mesh.getComponentMesh(
      {
        entityRef,
        seconds: parseWindow(query.window),
        clusters: namesIn(query.clusters),
      },
      context,
    );
    res.json(answer);
  });

  router.get(API_ROUTES.getGoldenSignals.path, async (req, res) => {
    const context = await contextOf(req);
    const entityRef = entityRefOf(req);
    const query = parseRequest(API_ROUTES.getGoldenSignals.query, req.query);
    res.json(
      await mesh.getSignals(
        { entityRef, seconds: parseWindow(query.window) },
        context,
      ),
    );
  });

  router.get(API_ROUTES.getEntityAccess.path, async (req, res) => {
    const context = await contextOf(req);
    res.json(await mesh.getAccess({ entityRef: entityRefOf(req) }, context));
  });

  router.get(API_ROUTES.listComponents.path, async (req, res) => {
    const context = await contextOf(req);
    const query = parseRequest(API_ROUTES.listComponents.query, req.query);
    res.json(await mesh.listComponents(query, context));
  });

  return router;
}

function addOpenApiRoute(router: Router, contextOf: ContextOf): void {
  // Made when somebody asks: it takes longer than all the rest of the plugin's start.
  let openApi: ReturnType<typeof buildOpenApi> | undefined;
  router.get(API_ROUTES.getOpenApi.path, async (req, res) => {
    await contextOf(req);
    openApi ??= buildOpenApi();
    res.json(openApi);
  });
}

interface Parts {
  router: Router;
  mesh: MeshService;
  contextOf: ContextOf;
}

function addTrafficRuleRoutes({ router, mesh, contextOf }: Parts): void {
  const clustersOf = (req: Request) =>
    namesIn(parseRequest(API_ROUTES.getResilience.query, req.query).clusters);

  router.get(API_ROUTES.getResilience.path, async (req, res) => {
    const context = await contextOf(req);
    const request = { entityRef: entityRefOf(req), clusters: clustersOf(req) };
    res.json(await mesh.getResilience(request, context));
  });

  router.get(API_ROUTES.getExposure.path, async (req, res) => {
    const context = await contextOf(req);
    const request = { entityRef: entityRefOf(req), clusters: clustersOf(req) };
    res.json(await mesh.getExposure(request, context));
  });

  const parseJson = express.json({ limit: QUESTION_LIMIT });
  router.use(API_ROUTES.askRequest.path, requireJson, parseJson);
  router.post(API_ROUTES.askRequest.path, async (req, res) => {
    const context = await contextOf(req);
    const question = parseRequest(API_ROUTES.askRequest.body, req.body);
    res.json(
      await mesh.askRequest({ entityRef: entityRefOf(req), question }, context),
    );
  });
}

function addFindingRoutes(options: Parts): void {
  const { router, mesh, contextOf } = options;
  router.get(API_ROUTES.getFindings.path, async (req, res) => {
    const context = await contextOf(req);
    res.json(await mesh.getFindings({ entityRef: entityRefOf(req) }, context));
  });

  router.get(API_ROUTES.listRules.path, async (req, res) => {
    await contextOf(req);
    res.json({ items: describeRules() });
  });

  router.get(API_ROUTES.listFindings.path, async (req, res) => {
    const context = await contextOf(req);
    const query = parseRequest(API_ROUTES.listFindings.query, req.query);
    res.json(await mesh.listFindings(query, context));
  });
}

function addObjectRoute(options: {
  router: Router;
  mesh: MeshService;
  contextOf: ContextOf;
}): void {
  const { router, mesh, contextOf } = options;
  router.get(API_ROUTES.getObject.path, async (req, res) => {
    const context = await contextOf(req);
    const query = parseRequest(API_ROUTES.getObject.query, req.query);
    res.json(await mesh.getObject(query, context));
  });
}

function addSecurityRoutes(options: {
  router: Router;
  mesh: MeshService;
  contextOf: ContextOf;
}): void {
  const { router, mesh, contextOf } = options;
  router.get(API_ROUTES.getSecurity.path, async (req, res) => {
    const context = await contextOf(req);
    const query = parseRequest(API_ROUTES.getSecurity.query, req.query);
    const request = {
      entityRef: entityRefOf(req),
      seconds: parseWindow(query.window),
      overSeconds: parseWindow(query.over),
      clusters: namesIn(query.clusters),
    };
    res.json(await mesh.getSecurity(request, context));
  });

  router.get(API_ROUTES.getNamespaceReadiness.path, async (req, res) => {
    const context = await contextOf(req);
    const schema = API_ROUTES.getNamespaceReadiness.query;
    const query = parseRequest(schema, req.query);
    const request = {
      entityRef: entityRefOf(req),
      overSeconds: parseWindow(query.over),
      clusters: namesIn(query.clusters),
    };
    res.json(await mesh.getNamespaceReadiness(request, context));
  });

  router.get(API_ROUTES.getPosture.path, async (req, res) => {
    const context = await contextOf(req);
    const query = parseRequest(API_ROUTES.getPosture.query, req.query);
    const overSeconds = parseWindow(query.over);
    res.json(await mesh.getPosture({ ...query, overSeconds }, context));
  });

  router.get(API_ROUTES.askAuthorization.path, async (req, res) => {
    const context = await contextOf(req);
    const query = parseRequest(API_ROUTES.askAuthorization.query, req.query);
    const request = {
      entityRef: entityRefOf(req),
      query,
      clusters: namesIn(query.clusters),
    };
    res.json(await mesh.askAuthorization(request, context));
  });
}

function entityRefOf(req: Request): string {
  return stringifyEntityRef(
    parseRequest(API_ROUTES.getComponentMesh.params, req.params),
  );
}

function namesIn(list: string | undefined): string[] | undefined {
  const names = list
    ?.split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  return names && names.length > 0 ? names : undefined;
}
