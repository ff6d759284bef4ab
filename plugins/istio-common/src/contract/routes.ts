import { z } from 'zod';
import { changePreviewSchema, changeSchema } from '../changes/types';
import {
  istioAuditExportPermission,
  istioAuditReadPermission,
  istioAuditRedactPermission,
  istioChangeApprovePermission,
  istioChangeCreatePermission,
  istioMeshReadPermission,
} from '../permissions';
import { APPROVAL_ROUTES } from './approvalRoutes';
import { AUDIT_ROUTES } from './auditRoutes';
import { type AnswerType, FORBIDDEN, INVALID } from './answers';
import {
  changeListQuerySchema,
  changeListSchema,
  changeParamsSchema,
  previewRequestSchema,
  revertRequestSchema,
  submitRequestSchema,
} from './changes';
import { meshEventSchema } from './events';
import { objectQuerySchema, objectViewSchema } from './objects';
import {
  componentFindingsSchema,
  findingListQuerySchema,
  findingListSchema,
  ruleListSchema,
} from './findings';
import {
  clusterStatusSchema,
  componentListQuerySchema,
  componentListSchema,
  componentMeshSchema,
  entityAccessSchema,
  entityParamsSchema,
  goldenSignalsSchema,
  meshQuerySchema,
} from './mesh';
import { meshPostureSchema, postureQuerySchema } from './posture';
import {
  authorizationQuerySchema,
  authorizationResponseSchema,
  componentSecuritySchema,
  namespaceReadinessSchema,
  readinessQuerySchema,
  securityQuerySchema,
} from './security';
import {
  clustersQuerySchema,
  componentExposureSchema,
  componentResilienceSchema,
  requestAnswerSchema,
  requestQuestionSchema,
} from './request';

/** Answer of `GET /v1/clusters`: one entry per configured cluster, also those that never answered. */
export const clusterListSchema = z.object({
  items: z.array(clusterStatusSchema),
});
export type ClusterList = z.infer<typeof clusterListSchema>;

/** The signals' query: only the window, the step follows from it. */
export const signalsQuerySchema = meshQuerySchema.pick({ window: true });

/**
 * What guards a route, beside being signed in:
 * `entity` the permission on the entity that the path or body names (or that the change belongs to),
 * `list` the permission decides per item, refused items are left out,
 * `global` the permission is about no component,
 * `signedIn` nothing more, the answer holds no component's data.
 */
export type RouteScope = 'entity' | 'list' | 'global' | 'signedIn';

/** One row of the HTTP API. */
export interface ApiRoute {
  method: 'GET' | 'POST';
  /** Below the plugin's base URL, Express notation. */
  path: string;
  summary: string;
  scope: RouteScope;
  permission?:
    | typeof istioMeshReadPermission
    | typeof istioChangeCreatePermission
    | typeof istioChangeApprovePermission
    | typeof istioAuditReadPermission
    | typeof istioAuditExportPermission
    | typeof istioAuditRedactPermission;
  params?: z.ZodObject<z.ZodRawShape>;
  query?: z.ZodObject<z.ZodRawShape>;
  body?: z.ZodTypeAny;
  /** Of the JSON answer, or of one event's data for `text/event-stream`. */
  response: z.ZodTypeAny;
  /** Of the successful answer. */
  status: 200 | 201;
  mediaType: AnswerType;
  /** Error statuses beyond 401 and 500, with the case they stand for. */
  errors: Partial<Record<400 | 403 | 404 | 409 | 503, string>>;
}

const UNCOMPILABLE = `${INVALID} So is what the objects of the cluster do not allow.`;

const entityRead = {
  method: 'GET',
  scope: 'entity',
  permission: istioMeshReadPermission,
  params: entityParamsSchema,
  status: 200,
  mediaType: 'application/json',
  errors: {
    400: INVALID,
    403: FORBIDDEN,
    404: 'The catalog has no such entity.',
  },
} as const;

/**
 * The one table of the HTTP API below `/api/istio`. The router, the client, the OpenAPI description
 * and the test of who may call what are all made from it.
 *
 * @public
 */
export const API_ROUTES = {
  listClusters: {
    method: 'GET',
    path: '/v1/clusters',
    summary: 'Configured clusters with their state and the age of their data',
    scope: 'signedIn',
    response: clusterListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {},
  },
  getComponentMesh: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/mesh',
    summary:
      'Health, mTLS, traffic split, neighbours and data plane of a component',
    query: meshQuerySchema,
    response: componentMeshSchema,
  },
  getGoldenSignals: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/signals',
    summary: 'Rate, errors and latency of a component over the window',
    query: signalsQuerySchema,
    response: goldenSignalsSchema,
  },
  getFindings: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/findings',
    summary: 'What the analysis of the configuration says of a component',
    response: componentFindingsSchema,
  },
  getSecurity: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/security',
    summary:
      'Encryption, callers, policies and readiness for STRICT of a component',
    query: securityQuerySchema,
    response: componentSecuritySchema,
  },
  getNamespaceReadiness: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/security/namespaces',
    summary: 'Whether the namespaces of a component can go STRICT',
    query: readinessQuerySchema,
    response: namespaceReadinessSchema,
  },
  askAuthorization: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/authorization',
    summary: 'Whether somebody may call a component with a request',
    query: authorizationQuerySchema,
    response: authorizationResponseSchema,
  },
  getResilience: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/resilience',
    summary:
      'Timeouts, retries, limits and load balancing in force for calls to a component',
    query: clustersQuerySchema,
    response: componentResilienceSchema,
  },
  getExposure: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/exposure',
    summary:
      'Through what a component is reached from outside, and what it may reach',
    query: clustersQuerySchema,
    response: componentExposureSchema,
  },
  askRequest: {
    ...entityRead,
    method: 'POST',
    path: '/v1/entities/:kind/:namespace/:name/request',
    summary:
      'Where a request would go that starts at a component or leads to it',
    body: requestQuestionSchema,
    response: requestAnswerSchema,
    errors: {
      ...entityRead.errors,
      400: `${INVALID} So is a request that neither starts at the component nor leads to it.`,
      503: 'The cluster has no current data.',
    },
  },
  getEntityAccess: {
    ...entityRead,
    path: '/v1/entities/:kind/:namespace/:name/access',
    summary: 'What the caller may do with a component, with the reason if not',
    response: entityAccessSchema,
  },
  listComponents: {
    method: 'GET',
    path: '/v1/components',
    summary: 'Components of the mesh page, filtered, sorted and paged',
    scope: 'list',
    permission: istioMeshReadPermission,
    query: componentListQuerySchema,
    response: componentListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: { 400: INVALID },
  },
  listFindings: {
    method: 'GET',
    path: '/v1/findings',
    summary: 'What the analysis says of the mesh, worst first',
    scope: 'list',
    permission: istioMeshReadPermission,
    query: findingListQuerySchema,
    response: findingListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: { 400: INVALID },
  },
  getPosture: {
    method: 'GET',
    path: '/v1/posture',
    summary: 'Whether the namespaces of the mesh can go STRICT, by name',
    scope: 'list',
    permission: istioMeshReadPermission,
    query: postureQuerySchema,
    response: meshPostureSchema,
    status: 200,
    mediaType: 'application/json',
    errors: { 400: INVALID },
  },
  listRules: {
    method: 'GET',
    path: '/v1/rules',
    summary: 'What each rule of the analysis finds, why it matters, what to do',
    scope: 'signedIn',
    response: ruleListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {},
  },
  getObject: {
    method: 'GET',
    path: '/v1/objects',
    summary:
      'One object that concerns a component of the caller, as the watch saw it last',
    scope: 'list',
    permission: istioMeshReadPermission,
    query: objectQuerySchema,
    response: objectViewSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {
      400: INVALID,
      404: 'No such object, or it concerns no component that the caller may see.',
    },
  },
  previewChange: {
    method: 'POST',
    path: '/v1/changes/preview',
    summary: 'What an intent would do; nothing is written',
    scope: 'entity',
    permission: istioChangeCreatePermission,
    body: previewRequestSchema,
    response: changePreviewSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {
      400: UNCOMPILABLE,
      403: FORBIDDEN,
      404: 'The catalog has no such entity.',
      503: 'A cluster that the intent names has no current data.',
    },
  },
  submitChange: {
    method: 'POST',
    path: '/v1/changes',
    summary: 'Record the change and apply it as the caller',
    scope: 'entity',
    permission: istioChangeCreatePermission,
    body: submitRequestSchema,
    response: changeSchema,
    status: 201,
    mediaType: 'application/json',
    errors: {
      400: UNCOMPILABLE,
      403: `${FORBIDDEN} Or a guardrail refuses. The attempt is recorded.`,
      404: 'The catalog has no such entity.',
      409: 'The plan is no longer the one that was previewed; nothing was sent.',
      503: 'The change cannot be recorded, or a cluster has no current data; nothing was sent.',
    },
  },
  listChanges: {
    method: 'GET',
    path: '/v1/changes',
    summary: 'Changes, newest first',
    scope: 'list',
    permission: istioAuditReadPermission,
    query: changeListQuerySchema,
    response: changeListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: { 400: INVALID },
  },
  getChange: {
    method: 'GET',
    path: '/v1/changes/:id',
    summary: 'One change with its operations and what happened',
    scope: 'entity',
    permission: istioAuditReadPermission,
    params: changeParamsSchema,
    response: changeSchema,
    status: 200,
    mediaType: 'application/json',
    errors: { 400: INVALID, 403: FORBIDDEN, 404: 'No such change.' },
  },
  previewRevert: {
    method: 'POST',
    path: '/v1/changes/:id/revert/preview',
    summary: 'What reverting a change would do; nothing is written',
    scope: 'entity',
    permission: istioChangeCreatePermission,
    params: changeParamsSchema,
    response: changePreviewSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {
      400: INVALID,
      403: FORBIDDEN,
      404: 'No such change.',
      409: 'Somebody changed an object since, or what it refers to is gone.',
      503: 'A cluster of the change has no current data.',
    },
  },
  revertChange: {
    method: 'POST',
    path: '/v1/changes/:id/revert',
    summary: 'Record the inverse of a change and apply it as the caller',
    scope: 'entity',
    permission: istioChangeCreatePermission,
    params: changeParamsSchema,
    body: revertRequestSchema,
    response: changeSchema,
    status: 201,
    mediaType: 'application/json',
    errors: {
      400: INVALID,
      403: `${FORBIDDEN} The attempt is recorded.`,
      404: 'No such change.',
      409: 'Somebody changed an object since, or the plan is no longer the one that was previewed.',
      503: 'The change cannot be recorded, or a cluster has no current data; nothing was sent.',
    },
  },
  ...APPROVAL_ROUTES,
  ...AUDIT_ROUTES,
  subscribe: {
    method: 'GET',
    path: '/v1/events',
    summary: 'Server-sent events: entity refs whose data changed',
    scope: 'list',
    permission: istioMeshReadPermission,
    response: meshEventSchema,
    status: 200,
    mediaType: 'text/event-stream',
    errors: {},
  },
  getOpenApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This API as an OpenAPI 3.0 document',
    scope: 'signedIn',
    response: z.record(z.unknown()),
    status: 200,
    mediaType: 'application/json',
    errors: {},
  },
} as const satisfies Record<string, ApiRoute>;

export type ApiRouteId = keyof typeof API_ROUTES;
