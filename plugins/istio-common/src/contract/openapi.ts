import type { z } from 'zod';
import { zodToJsonSchema } from 'zod-to-json-schema';
import {
  changePreviewSchema,
  changeSchema,
  diffLineSchema,
  findingSchema,
  guardrailVerdictSchema,
  planSchema,
  versionEffectSchema,
} from '../changes/types';
import { entityMatchSchema } from '../entity/types';
import { intentSchema } from '../intents/intent';
import { healthResultSchema, sentenceSchema } from '../mesh/health/types';
import { observedCallerSchema } from '../mesh/authorization/componentAccess';
import { strictReadinessSchema } from '../mesh/mtls/strictReadiness';
import { mtlsResultSchema } from '../mesh/mtls/types';
import { neighbourSchema } from '../mesh/topology/types';
import { trafficSplitSchema } from '../mesh/traffic/types';
import { decidedBySchema, objectRefSchema } from '../resources/types';
import {
  approvalItemSchema,
  approvalListSchema,
  approveRequestSchema,
} from './approvals';
import {
  auditEntryViewSchema,
  auditListSchema,
  logReportSchema,
} from './audit';
import {
  changeListSchema,
  previewRequestSchema,
  revertRequestSchema,
  submitRequestSchema,
} from './changes';
import { meshEventSchema } from './events';
import { objectViewSchema } from './objects';
import {
  changeMarkSchema,
  clusterStatusSchema,
  componentListSchema,
  componentMeshSchema,
  componentSummarySchema,
  entityAccessSchema,
  goldenSignalsSchema,
  sourceErrorSchema,
} from './mesh';
import {
  componentExposureSchema,
  componentResilienceSchema,
  requestAnswerSchema,
  requestQuestionSchema,
} from './request';
import { API_ROUTES, type ApiRoute, clusterListSchema } from './routes';
import { meshPostureSchema } from './posture';
import {
  authorizationResponseSchema,
  componentSecuritySchema,
  namespaceReadinessSchema,
} from './security';

/** A JSON document; the parts the tests read are named. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  security: Record<string, string[]>[];
  paths: Record<string, Record<string, OpenApiOperation>>;
  components: {
    schemas: Record<string, unknown>;
    securitySchemes: Record<string, unknown>;
  };
}

export interface OpenApiOperation {
  operationId: string;
  summary: string;
  description: string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { required: true; content: Record<string, unknown> };
  responses: Record<string, unknown>;
}

const NAMED_SCHEMAS = {
  ApprovalItem: approvalItemSchema,
  ApprovalList: approvalListSchema,
  ApproveRequest: approveRequestSchema,
  AuditEntryView: auditEntryViewSchema,
  AuditList: auditListSchema,
  AuditVerification: logReportSchema,
  AuthorizationResponse: authorizationResponseSchema,
  Change: changeSchema,
  ChangeList: changeListSchema,
  ChangeMark: changeMarkSchema,
  ChangePreview: changePreviewSchema,
  ClusterList: clusterListSchema,
  ClusterStatus: clusterStatusSchema,
  ComponentExposure: componentExposureSchema,
  ComponentList: componentListSchema,
  ComponentMesh: componentMeshSchema,
  ComponentSecurity: componentSecuritySchema,
  ComponentResilience: componentResilienceSchema,
  ComponentSummary: componentSummarySchema,
  DecidedBy: decidedBySchema,
  DiffLine: diffLineSchema,
  EntityAccess: entityAccessSchema,
  EntityMatch: entityMatchSchema,
  Finding: findingSchema,
  GoldenSignals: goldenSignalsSchema,
  GuardrailVerdict: guardrailVerdictSchema,
  HealthResult: healthResultSchema,
  Intent: intentSchema,
  MeshEvent: meshEventSchema,
  MeshPosture: meshPostureSchema,
  MtlsResult: mtlsResultSchema,
  NamespaceReadiness: namespaceReadinessSchema,
  Neighbour: neighbourSchema,
  ObservedCaller: observedCallerSchema,
  ObjectRef: objectRefSchema,
  ObjectView: objectViewSchema,
  Plan: planSchema,
  PreviewRequest: previewRequestSchema,
  RevertRequest: revertRequestSchema,
  Sentence: sentenceSchema,
  SourceError: sourceErrorSchema,
  StrictReadiness: strictReadinessSchema,
  SubmitRequest: submitRequestSchema,
  TrafficSplit: trafficSplitSchema,
  VersionEffect: versionEffectSchema,
  RequestAnswer: requestAnswerSchema,
  RequestQuestion: requestQuestionSchema,
} satisfies Record<string, z.ZodTypeAny>;

const ERROR_SCHEMA = {
  type: 'object',
  description: "The portal's error body",
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['name', 'message'],
      properties: { name: { type: 'string' }, message: { type: 'string' } },
    },
  },
};

/**
 * Describes the HTTP API as an OpenAPI 3.0 document, from the same schemas that check requests and
 * answers.
 *
 * @public
 */
export function buildOpenApi(
  options: { serverUrl?: string; version?: string } = {},
): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const [id, route] of Object.entries(API_ROUTES)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: buildOperation(id, route),
    };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Istio self-service',
      version: options.version ?? '1',
      description:
        'State of components in the mesh, and changes to it, as the signed-in person may see and make them.',
    },
    servers: [{ url: options.serverUrl ?? '/api/istio' }],
    security: [{ portal: [] }],
    paths,
    components: {
      schemas: { ...buildNamedSchemas(), Error: ERROR_SCHEMA },
      securitySchemes: { portal: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function buildOperation(id: string, route: ApiRoute): OpenApiOperation {
  const permission = route.permission?.name;
  const guard = {
    entity: `Needs the permission ${permission} on the entity.`,
    list: `Holds what the permission ${permission} allows to see.`,
    global: `Needs the permission ${permission}.`,
    signedIn: 'Needs a signed-in caller.',
  }[route.scope];
  return {
    operationId: id,
    summary: route.summary,
    description: guard,
    parameters: [
      ...buildParameters('path', route.params),
      ...buildParameters('query', route.query),
    ],
    ...(route.body && {
      requestBody: {
        required: true as const,
        content: { 'application/json': { schema: toSchema(route.body) } },
      },
    }),
    responses: {
      [route.status]: {
        description: 'Success',
        content: { [route.mediaType]: { schema: toSchema(route.response) } },
      },
      ...Object.fromEntries(
        Object.entries({
          401: 'The caller is not signed in.',
          ...route.errors,
        }).map(([status, description]) => [
          status,
          {
            description,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Error' },
              },
            },
          },
        ]),
      ),
    },
  };
}

function buildParameters(
  place: 'path' | 'query',
  schema: z.ZodObject<z.ZodRawShape> | undefined,
) {
  return Object.entries(schema?.shape ?? {}).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || !type.isOptional(),
    schema: toSchema(type),
  }));
}

/** A reference where the schema has a name, the schema itself where not. */
function toSchema(schema: z.ZodTypeAny): unknown {
  const {
    'components/schemas': definitions,
    $schema,
    ...rest
  } = zodToJsonSchema(schema, {
    target: 'openApi3',
    definitionPath: 'components/schemas',
    definitions: NAMED_SCHEMAS,
  }) as Record<string, unknown>;
  return rest;
}

function buildNamedSchemas(): Record<string, unknown> {
  const document = zodToJsonSchema(changeSchema, {
    target: 'openApi3',
    definitionPath: 'components/schemas',
    definitions: NAMED_SCHEMAS,
  }) as Record<string, unknown>;
  return document['components/schemas'] as Record<string, unknown>;
}
