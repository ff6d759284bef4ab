import { NotAllowedError } from '@backstage/errors';
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { istioMeshReadPermission } from '@istio-backstage/plugin-istio-common';
import { SharedCache } from '../caching/SharedCache';
import { principalKey } from './principalKey';
import type { MeshContext, MeshService } from './types';

/** How long a decision is taken from memory, per person. */
const DECISION_MS = 5_000;
const LIST_MS = 15_000;
/** The permission backend reads bodies up to 100 kB; one item has about 300 bytes. */
const BATCH = 200;

/**
 * Lets a caller see a component only with the permission `istio.mesh.read` on its entity, and cuts lists
 * down to those.
 */
export class AuthorizedMeshService implements MeshService {
  static create(options: {
    inner: MeshService;
    permissions: Pick<PermissionsService, 'authorize' | 'authorizeConditional'>;
    now?: () => number;
  }): AuthorizedMeshService {
    return new AuthorizedMeshService(options);
  }

  private readonly inner: MeshService;
  private readonly permissions: Pick<
    PermissionsService,
    'authorize' | 'authorizeConditional'
  >;
  private readonly policies: SharedCache<AuthorizeResult>;
  private readonly decisions: SharedCache<boolean>;
  private readonly lists: SharedCache<ReadonlySet<string>>;

  private constructor(
    options: Parameters<typeof AuthorizedMeshService.create>[0],
  ) {
    this.inner = options.inner;
    this.permissions = options.permissions;
    const decisions = {
      freshMs: DECISION_MS,
      staleMs: DECISION_MS,
      maxEntries: 10_000,
      now: options.now,
    };
    this.policies = new SharedCache(decisions);
    this.decisions = new SharedCache(decisions);
    this.lists = new SharedCache({
      freshMs: LIST_MS,
      staleMs: 2 * LIST_MS,
      maxEntries: 1_000,
      now: options.now,
    });
  }

  async getComponentMesh(
    request: Parameters<MeshService['getComponentMesh']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.getComponentMesh(request, context);
  }

  async getSignals(
    request: Parameters<MeshService['getSignals']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.getSignals(request, context);
  }

  async getAccess(
    request: Parameters<MeshService['getAccess']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.getAccess(request, context);
  }

  async listComponents(
    request: Parameters<MeshService['listComponents']>[0],
    context: MeshContext,
  ) {
    const among = await this.visibleComponents(context);
    return this.inner.listComponents({ ...request, among }, context);
  }

  async getFindings(
    request: Parameters<MeshService['getFindings']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.getFindings(request, context);
  }

  async getSecurity(
    request: Parameters<MeshService['getSecurity']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    const among = await this.visibleComponents(context);
    return this.inner.getSecurity({ ...request, among }, context);
  }

  async getNamespaceReadiness(
    request: Parameters<MeshService['getNamespaceReadiness']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    const among = await this.visibleComponents(context);
    return this.inner.getNamespaceReadiness({ ...request, among }, context);
  }

  async askAuthorization(
    request: Parameters<MeshService['askAuthorization']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    const among = await this.visibleComponents(context);
    return this.inner.askAuthorization({ ...request, among }, context);
  }

  async getResilience(
    request: Parameters<MeshService['getResilience']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.getResilience(request, context);
  }

  async getExposure(
    request: Parameters<MeshService['getExposure']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.getExposure(request, context);
  }

  async askRequest(
    request: Parameters<MeshService['askRequest']>[0],
    context: MeshContext,
  ) {
    await this.demand(request.entityRef, context);
    return this.inner.askRequest(request, context);
  }

  async listFindings(
    request: Parameters<MeshService['listFindings']>[0],
    context: MeshContext,
  ) {
    return this.inner.listFindings(
      { ...request, ...(await this.reach(context)) },
      context,
    );
  }

  async getPosture(
    request: Parameters<MeshService['getPosture']>[0],
    context: MeshContext,
  ) {
    return this.inner.getPosture(
      { ...request, ...(await this.reach(context)) },
      context,
    );
  }

  async getObject(
    request: Parameters<MeshService['getObject']>[0],
    context: MeshContext,
  ) {
    return this.inner.getObject(
      { ...request, ...(await this.reach(context)) },
      context,
    );
  }

  listClusters() {
    return this.inner.listClusters();
  }

  async visibleComponents(context: MeshContext): Promise<ReadonlySet<string>> {
    return this.lists.get(principalKey(context.credentials), async () => {
      const visible = await this.inner.visibleComponents(context);
      return this.allowedAmong([...visible], context.credentials);
    });
  }

  /** What concerns no component at all is for those only whom the policy lets see every component. */
  private async reach(
    context: MeshContext,
  ): Promise<{ among: ReadonlySet<string>; everything: boolean }> {
    const [among, overall] = await Promise.all([
      this.visibleComponents(context),
      this.policyFor(context.credentials),
    ]);
    return { among, everything: overall === AuthorizeResult.ALLOW };
  }

  private async demand(
    entityRef: string,
    { credentials }: MeshContext,
  ): Promise<void> {
    const resourceRef = stringifyEntityRef(parseEntityRef(entityRef));
    if (!(await this.isAllowed(resourceRef, credentials))) {
      throw new NotAllowedError(
        `You may not see mesh data of ${resourceRef} (permission '${istioMeshReadPermission.name}')`,
      );
    }
  }

  private async isAllowed(
    resourceRef: string,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const policy = await this.policyFor(credentials);
    if (policy !== AuthorizeResult.CONDITIONAL) {
      return policy === AuthorizeResult.ALLOW;
    }
    const key = `${principalKey(credentials)} ${resourceRef}`;
    return this.decisions.get(key, async () => {
      const [decision] = await this.permissions.authorize(
        [{ permission: istioMeshReadPermission, resourceRef }],
        { credentials },
      );
      return decision.result === AuthorizeResult.ALLOW;
    });
  }

  /** One answer per person for all components, or that it depends on the component. */
  private policyFor(
    credentials: BackstageCredentials,
  ): Promise<AuthorizeResult> | AuthorizeResult {
    return this.policies.get(principalKey(credentials), async () => {
      const [decision] = await this.permissions.authorizeConditional(
        [{ permission: istioMeshReadPermission }],
        { credentials },
      );
      return decision.result;
    });
  }

  /** Item by item only where the policy has conditions. */
  private async allowedAmong(
    refs: string[],
    credentials: BackstageCredentials,
  ): Promise<ReadonlySet<string>> {
    const policy = await this.policyFor(credentials);
    if (policy === AuthorizeResult.ALLOW) return new Set(refs);
    if (policy === AuthorizeResult.DENY) return new Set();
    const allowed = new Set<string>();
    for (let start = 0; start < refs.length; start += BATCH) {
      const batch = refs.slice(start, start + BATCH);
      const decisions = await this.permissions.authorize(
        batch.map(resourceRef => ({
          permission: istioMeshReadPermission,
          resourceRef,
        })),
        { credentials },
      );
      decisions.forEach(({ result }, index) => {
        if (result === AuthorizeResult.ALLOW) allowed.add(batch[index]);
      });
    }
    return allowed;
  }
}
