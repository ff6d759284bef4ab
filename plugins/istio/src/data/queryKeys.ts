import type {
  AuditListQuery,
  ChangeListQuery,
  ComponentListQuery,
  FindingListQuery,
  ObjectQuery,
  RequestQuestion,
} from '@istio-backstage/plugin-istio-common';

/** Third part of the keys of lists that any change of the mesh may touch. */
export const ANY_ENTITY = '*';

/**
 * Keys of this plugin's queries: `['istio', what, entityRef or ANY_ENTITY, ...details]`. The third
 * part is how an event finds the queries it makes old.
 */
export const istioQueryKeys = {
  mesh: (entityRef: string, window?: string, clusters?: readonly string[]) =>
    ['istio', 'mesh', entityRef, window, clusters] as const,
  signals: (entityRef: string, window?: string) =>
    ['istio', 'signals', entityRef, window] as const,
  resilience: (entityRef: string, clusters?: readonly string[]) =>
    ['istio', 'resilience', entityRef, clusters] as const,
  exposure: (entityRef: string, clusters?: readonly string[]) =>
    ['istio', 'exposure', entityRef, clusters] as const,
  request: (entityRef: string, question?: RequestQuestion) =>
    ['istio', 'request', entityRef, question] as const,
  access: (entityRef: string) => ['istio', 'access', entityRef] as const,
  security: (entityRef: string, query: object) =>
    ['istio', 'security', entityRef, query] as const,
  readiness: (entityRef: string, query: object) =>
    ['istio', 'readiness', entityRef, query] as const,
  authorization: (entityRef: string, question: object) =>
    ['istio', 'authorization', entityRef, question] as const,
  components: (query: Partial<ComponentListQuery>) =>
    ['istio', 'components', ANY_ENTITY, query] as const,
  clusters: () => ['istio', 'clusters', ANY_ENTITY] as const,
  changes: (query: Partial<ChangeListQuery>) =>
    ['istio', 'changes', query.entityRef ?? ANY_ENTITY, query] as const,
  findings: (entityRef: string) => ['istio', 'findings', entityRef] as const,
  findingList: (query: Partial<FindingListQuery>) =>
    ['istio', 'findingList', ANY_ENTITY, query] as const,
  /** Rests on a day of traffic: asked for again by time, not by events. */
  posture: (query: object) => ['istio', 'posture', query] as const,
  /** They come with the backend's version: no event touches them. */
  rules: () => ['istio', 'rules'] as const,
  object: (object: ObjectQuery) =>
    ['istio', 'object', ANY_ENTITY, object] as const,
  approvals: () => ['istio', 'approvals', ANY_ENTITY] as const,
  /** Their third part is no entity: reading the log again is for people to decide, not for events. */
  auditEntries: (query: Partial<AuditListQuery>) =>
    ['istio', 'auditEntries', query] as const,
  auditThread: (opId: string) => ['istio', 'auditThread', { opId }] as const,
  auditCoverage: () => ['istio', 'auditCoverage'] as const,
  auditVerification: () => ['istio', 'auditVerification'] as const,
  change: (id: string) => ['istio', 'change', ANY_ENTITY, id] as const,
};

/** Whether an event that names these refs makes a query with this key old. */
export function isTouchedBy(
  queryKey: readonly unknown[],
  entityRefs: ReadonlySet<string>,
): boolean {
  if (queryKey[0] !== 'istio') return false;
  const subject = queryKey[2];
  return (
    subject === ANY_ENTITY ||
    entityRefs.has(ANY_ENTITY) ||
    (typeof subject === 'string' && entityRefs.has(subject))
  );
}
