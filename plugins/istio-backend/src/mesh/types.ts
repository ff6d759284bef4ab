import type {
  BackstageCredentials,
  BackstageServicePrincipal,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type {
  AuthorizationQuery,
  AuthorizationResponse,
  ClusterList,
  ComponentExposure,
  ComponentFindings,
  ComponentList,
  ComponentListQuery,
  ComponentMesh,
  ComponentSecurity,
  ComponentResilience,
  EntityAccess,
  FindingList,
  FindingListQuery,
  GoldenSignals,
  MeshPosture,
  NamespaceReadiness,
  ObjectQuery,
  ObjectView,
  PostureQuery,
  RequestAnswer,
  RequestQuestion,
} from '@istio-backstage/plugin-istio-common';

/** Who asks; every answer is cut to what this principal may see. */
export interface MeshContext {
  credentials: BackstageCredentials<
    BackstageUserPrincipal | BackstageServicePrincipal
  >;
}

export interface ComponentRequest {
  /** `kind:namespace/name` in any case; answers carry the lower case form. */
  entityRef: string;
  /** Length of the window in seconds. */
  seconds: number;
  /** Names of clusters to look at; absent: all that the entity names. */
  clusters?: string[];
}

/** Traffic over `overSeconds` is to prove something; of components not `among` these no details are told. */
interface EvidenceRequest {
  overSeconds: number;
  among?: ReadonlySet<string>;
}

/**
 * The mesh as components. Throws NotFoundError for an entity that does not exist or that the caller may not
 * see, NotAllowedError where a permission is missing, InputError for a name that is not configured. A
 * cluster or source that fails is part of the answer, never an error of it.
 */
export interface MeshService {
  getComponentMesh(
    request: ComponentRequest,
    context: MeshContext,
  ): Promise<ComponentMesh>;
  getSignals(
    request: Omit<ComponentRequest, 'clusters'>,
    context: MeshContext,
  ): Promise<GoldenSignals>;
  getAccess(
    request: Pick<ComponentRequest, 'entityRef'>,
    context: MeshContext,
  ): Promise<EntityAccess>;
  getFindings(
    request: Pick<ComponentRequest, 'entityRef'>,
    context: MeshContext,
  ): Promise<ComponentFindings>;
  getSecurity(
    request: ComponentRequest & EvidenceRequest,
    context: MeshContext,
  ): Promise<ComponentSecurity>;
  getNamespaceReadiness(
    request: Omit<ComponentRequest, 'seconds'> & EvidenceRequest,
    context: MeshContext,
  ): Promise<NamespaceReadiness>;
  askAuthorization(
    request: Omit<ComponentRequest, 'seconds'> & {
      query: AuthorizationQuery;
      among?: ReadonlySet<string>;
    },
    context: MeshContext,
  ): Promise<AuthorizationResponse>;
  getResilience(
    request: Omit<ComponentRequest, 'seconds'>,
    context: MeshContext,
  ): Promise<ComponentResilience>;
  getExposure(
    request: Omit<ComponentRequest, 'seconds'>,
    context: MeshContext,
  ): Promise<ComponentExposure>;
  /** Throws InputError for a request that is none of the component's, ServiceUnavailableError without data. */
  askRequest(
    request: Pick<ComponentRequest, 'entityRef'> & {
      question: RequestQuestion;
    },
    context: MeshContext,
  ): Promise<RequestAnswer>;
  /** `among` limits the list to what concerns these entities, unless `everything` may be seen. */
  listFindings(
    request: FindingListQuery & {
      among?: ReadonlySet<string>;
      everything?: boolean;
    },
    context: MeshContext,
  ): Promise<FindingList>;
  /** Namespaces in which one of these entities runs; with `everything` all that have workloads. */
  getPosture(
    request: PostureQuery & {
      overSeconds: number;
      among?: ReadonlySet<string>;
      everything?: boolean;
    },
    context: MeshContext,
  ): Promise<MeshPosture>;
  /**
   * NotFoundError also for an object that concerns none of the entities in `among`, unless `everything`
   * may be seen: whether it exists is not told.
   */
  getObject(
    request: ObjectQuery & {
      among?: ReadonlySet<string>;
      everything?: boolean;
    },
    context: MeshContext,
  ): Promise<ObjectView>;
  /** `among` limits the list to these entities. */
  listComponents(
    request: ComponentListQuery & { among?: ReadonlySet<string> },
    context: MeshContext,
  ): Promise<ComponentList>;
  listClusters(): ClusterList;
  /** Refs of all components with mesh annotations that the caller may see. */
  visibleComponents(context: MeshContext): Promise<ReadonlySet<string>>;
}

/** Refs whose mesh data changed; `*` for all of them. */
export interface ComponentChanges {
  subscribe(
    listener: (entityRefs: ReadonlySet<string> | '*') => void,
  ): () => void;
}
