import {
  BackendFeature,
  BackstageCredentials,
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import {
  istioActingUserExtensionPoint,
  istioMeshExtensionPoint,
  istioTelemetryExtensionPoint,
  MeshReader,
  MeshWriter,
  TelemetryProvider,
} from '@istio-backstage/plugin-istio-node';
import istioPlugin from '../index';

export interface IstioBackendOptions {
  config?: JsonObject;
  /** Beside those of the plugin: a logger that a test reads, for one. */
  features?: BackendFeature[];
  entities: Entity[];
  /** Whether this user sees the entity in the catalog; the portal itself sees all. */
  isVisible?: (entityRef: string, userRef: string) => boolean;
  /** Decision per permission, entity and user; allowed unless told otherwise. */
  decide?: (question: {
    permission: string;
    entityRef?: string;
    userRef: string;
  }) => boolean;
  /** Whether the policy lets this user see every component without conditions; nobody by default. */
  seesAll?: (userRef: string) => boolean;
  /** Groups of a user, beside the user itself. */
  groupsOf?: (userRef: string) => string[];
  /** Ports from memory; absent: the plugin's own adapters by configuration. */
  ports?: {
    reader: MeshReader;
    writer: MeshWriter;
    telemetry: TelemetryProvider;
  };
}

/** The plugin as a portal runs it, with catalog and permissions from memory. */
export async function startIstioBackend(
  options: IstioBackendOptions,
): Promise<TestBackend> {
  const { ports, config = {} } = options;
  return startTestBackend({
    features: [
      istioPlugin,
      mockServices.rootConfig.factory({ data: config }),
      catalogFor(options),
      permissionsFor(options),
      userInfoFor(options),
      ...(ports ? [portsModule(ports)] : []),
      ...(options.features ?? []),
    ],
  });
}

function catalogFor({ entities, isVisible = () => true }: IstioBackendOptions) {
  const clientFor = (credentials?: BackstageCredentials) => {
    const userRef = userRefOf(credentials);
    return catalogServiceMock({
      entities: entities.filter(
        entity => !userRef || isVisible(stringifyEntityRef(entity), userRef),
      ),
    });
  };
  return createServiceFactory({
    service: catalogServiceRef,
    deps: {},
    factory: () =>
      catalogServiceMock.mock({
        getEntityByRef: async (ref, context) =>
          clientFor(credentialsIn(context)).getEntityByRef(ref),
        getEntitiesByRefs: async (request, context) =>
          clientFor(credentialsIn(context)).getEntitiesByRefs(request),
        queryEntities: async (request, context) =>
          clientFor(credentialsIn(context)).queryEntities(request),
      }),
  });
}

function permissionsFor({
  decide = () => true,
  seesAll = () => false,
}: IstioBackendOptions) {
  const answer = (
    allowed: boolean,
  ): { result: AuthorizeResult.ALLOW | AuthorizeResult.DENY } => ({
    result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
  });
  return createServiceFactory({
    service: coreServices.permissions,
    deps: {},
    factory: () =>
      mockServices.permissions.mock({
        authorize: async (requests, { credentials }) =>
          requests.map(({ permission, resourceRef }) =>
            answer(
              decide({
                permission: permission.name,
                entityRef: resourceRef,
                userRef: userRefOf(credentials) ?? '',
              }),
            ),
          ),
        // As a policy whose answer depends on the entity, but for who sees everything.
        authorizeConditional: async (requests, { credentials }) =>
          requests.map((): PolicyDecision => {
            if (seesAll(userRefOf(credentials) ?? '')) {
              return { result: AuthorizeResult.ALLOW };
            }
            return {
              result: AuthorizeResult.CONDITIONAL,
              pluginId: 'catalog',
              resourceType: 'catalog-entity',
              conditions: {
                rule: 'IS_ENTITY_OWNER',
                resourceType: 'catalog-entity',
                params: {},
              },
            };
          }),
      }),
  });
}

function userInfoFor({ groupsOf = () => [] }: IstioBackendOptions) {
  return createServiceFactory({
    service: coreServices.userInfo,
    deps: {},
    factory: () =>
      mockServices.userInfo.mock({
        getUserInfo: async credentials => {
          const userEntityRef = userRefOf(credentials) ?? '';
          return {
            userEntityRef,
            ownershipEntityRefs: [userEntityRef, ...groupsOf(userEntityRef)],
          };
        },
      }),
  });
}

function portsModule(ports: NonNullable<IstioBackendOptions['ports']>) {
  return createBackendModule({
    pluginId: 'istio',
    moduleId: 'memory-ports',
    register(env) {
      env.registerInit({
        deps: {
          mesh: istioMeshExtensionPoint,
          telemetry: istioTelemetryExtensionPoint,
          actingUser: istioActingUserExtensionPoint,
        },
        async init({ mesh, telemetry, actingUser }) {
          mesh.setMeshReader(ports.reader);
          mesh.setMeshWriter(ports.writer);
          telemetry.setTelemetryProvider(ports.telemetry);
          actingUser.setActingUserResolver({
            resolve: async ({ principal }) => ({
              actingUser: {
                user: principal.userEntityRef.replace(/^.*\//, ''),
                groups: [],
              },
            }),
          });
        },
      });
    },
  });
}

function credentialsIn(context: unknown): BackstageCredentials | undefined {
  const { credentials } = (context ?? {}) as {
    credentials?: BackstageCredentials;
  };
  return credentials;
}

function userRefOf(credentials?: BackstageCredentials): string | undefined {
  const { userEntityRef } = (credentials?.principal ?? {}) as {
    userEntityRef?: string;
  };
  return userEntityRef;
}
