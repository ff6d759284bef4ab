import type { z } from 'zod';
import type { Change, ChangePreview } from '../changes/types';
import type {
  ApprovalList,
  approveRequestSchema,
  cancelRequestSchema,
  declineRequestSchema,
  finishRequestSchema,
  resolveRequestSchema,
  adoptRequestSchema,
  reviewRequestSchema,
} from '../contract/approvals';
import type {
  AuditCoverage,
  AuditEntryView,
  auditExportQuerySchema,
  AuditList,
  auditListQuerySchema,
  auditPackQuerySchema,
  AuditVerification,
  RedactionRequest,
} from '../contract/audit';
import type {
  ChangeList,
  changeListQuerySchema,
  previewRequestSchema,
  revertRequestSchema,
  submitRequestSchema,
} from '../contract/changes';
import type { MeshEvent } from '../contract/events';
import type {
  ComponentFindings,
  FindingList,
  findingListQuerySchema,
  RuleList,
} from '../contract/findings';
import type {
  ComponentList,
  componentListQuerySchema,
  ComponentMesh,
  EntityAccess,
  GoldenSignals,
} from '../contract/mesh';
import type { ObjectQuery, ObjectView } from '../contract/objects';
import type { MeshPosture, postureQuerySchema } from '../contract/posture';
import type {
  ComponentExposure,
  ComponentResilience,
  RequestAnswer,
  requestQuestionSchema,
} from '../contract/request';
import type { ClusterList } from '../contract/routes';
import type {
  authorizationQuerySchema,
  AuthorizationResponse,
  ComponentSecurity,
  NamespaceReadiness,
} from '../contract/security';

/** Of the frontend's or backend's discovery service, what the client needs. */
export interface DiscoveryLike {
  getBaseUrl(pluginId: string): Promise<string>;
}

/** Of the frontend's fetch API, what the client needs: a `fetch` that adds the caller's token. */
export interface FetchLike {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

/** Per-call options. */
export interface CallOptions {
  signal?: AbortSignal;
}

export interface SubscribeOptions {
  /** Called for each event; an exception it throws ends nothing and is dropped. */
  onEvent(event: MeshEvent): void;
  /** Ends the subscription. */
  signal: AbortSignal;
}

/**
 * The plugin's HTTP API as methods.
 *
 * Errors: every call but `subscribe` rejects with `ResponseError` for an error answer, with the
 * error of `fetch` when none arrives, and with an `Error` that names the field when the answer does
 * not have the contract's form (client and backend of different versions).
 *
 * @public
 */
export interface IstioApi {
  listClusters(options?: CallOptions): Promise<ClusterList>;
  getComponentMesh(
    entityRef: string,
    query?: { window?: string; clusters?: string[] },
    options?: CallOptions,
  ): Promise<ComponentMesh>;
  getGoldenSignals(
    entityRef: string,
    query?: { window?: string },
    options?: CallOptions,
  ): Promise<GoldenSignals>;
  getSecurity(
    entityRef: string,
    query?: { window?: string; over?: string; clusters?: string[] },
    options?: CallOptions,
  ): Promise<ComponentSecurity>;
  getNamespaceReadiness(
    entityRef: string,
    query?: { over?: string; clusters?: string[] },
    options?: CallOptions,
  ): Promise<NamespaceReadiness>;
  askAuthorization(
    entityRef: string,
    query: Omit<z.input<typeof authorizationQuerySchema>, 'clusters'> & {
      clusters?: string[];
    },
    options?: CallOptions,
  ): Promise<AuthorizationResponse>;
  getEntityAccess(
    entityRef: string,
    options?: CallOptions,
  ): Promise<EntityAccess>;
  listComponents(
    query?: z.input<typeof componentListQuerySchema>,
    options?: CallOptions,
  ): Promise<ComponentList>;
  getFindings(
    entityRef: string,
    options?: CallOptions,
  ): Promise<ComponentFindings>;
  getResilience(
    entityRef: string,
    query?: { clusters?: string[] },
    options?: CallOptions,
  ): Promise<ComponentResilience>;
  getExposure(
    entityRef: string,
    query?: { clusters?: string[] },
    options?: CallOptions,
  ): Promise<ComponentExposure>;
  /** Where a request would go; nothing is sent. */
  askRequest(
    entityRef: string,
    question: z.input<typeof requestQuestionSchema>,
    options?: CallOptions,
  ): Promise<RequestAnswer>;
  listFindings(
    query?: z.input<typeof findingListQuerySchema>,
    options?: CallOptions,
  ): Promise<FindingList>;
  /** Whether the namespaces of the mesh can go STRICT. */
  getPosture(
    query?: z.input<typeof postureQuerySchema>,
    options?: CallOptions,
  ): Promise<MeshPosture>;
  listRules(options?: CallOptions): Promise<RuleList>;
  getObject(object: ObjectQuery, options?: CallOptions): Promise<ObjectView>;
  previewChange(
    request: z.input<typeof previewRequestSchema>,
    options?: CallOptions,
  ): Promise<ChangePreview>;
  submitChange(
    request: z.input<typeof submitRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  previewRevert(id: string, options?: CallOptions): Promise<ChangePreview>;
  revertChange(
    id: string,
    request: z.input<typeof revertRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  getChange(id: string, options?: CallOptions): Promise<Change>;
  listApprovals(options?: CallOptions): Promise<ApprovalList>;
  approveChange(
    id: string,
    request: z.input<typeof approveRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  declineChange(
    id: string,
    request: z.input<typeof declineRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  cancelChange(
    id: string,
    request: z.input<typeof cancelRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  adoptChange(
    id: string,
    request: z.input<typeof adoptRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  reviewChange(
    id: string,
    request: z.input<typeof reviewRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  finishChange(
    id: string,
    request: z.input<typeof finishRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  resolveChange(
    id: string,
    request: z.input<typeof resolveRequestSchema>,
    options?: CallOptions,
  ): Promise<Change>;
  listChanges(
    query?: z.input<typeof changeListQuerySchema>,
    options?: CallOptions,
  ): Promise<ChangeList>;
  listAuditEntries(
    query?: z.input<typeof auditListQuerySchema>,
    options?: CallOptions,
  ): Promise<AuditList>;
  redactAuditEntry(
    seq: number,
    request: RedactionRequest,
    options?: CallOptions,
  ): Promise<AuditEntryView>;
  /** What vouches for the log at present. */
  getAuditCoverage(options?: CallOptions): Promise<AuditCoverage>;
  verifyAuditLog(options?: CallOptions): Promise<AuditVerification>;
  /** The answer as it comes: an export can be larger than memory. */
  exportAuditLog(
    query?: z.input<typeof auditExportQuerySchema>,
    options?: CallOptions,
  ): Promise<Response>;
  /** A zip archive. */
  makeEvidencePack(
    query?: z.input<typeof auditPackQuerySchema>,
    options?: CallOptions,
  ): Promise<Response>;
  /**
   * Follows the changes of the mesh until the signal aborts; resolves then and never rejects.
   *
   * Reads the event stream and reconnects with growing pauses. While no stream can be had (a proxy
   * buffers it, the backend is away) it reports `{entityRefs: ['*']}` every 15 s, so that whoever
   * listens polls. After a gap it reports `*` once, because events may have been missed.
   */
  subscribe(options: SubscribeOptions): Promise<void>;
}
