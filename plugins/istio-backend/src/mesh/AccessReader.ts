import type {
  AuthService,
  BackstageCredentials,
  BackstageUserPrincipal,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  EntityAccess,
  istioAuditReadPermission,
  istioChangeCreatePermission,
  TrafficSplit,
} from '@istio-backstage/plugin-istio-common';
import type {
  ActingUserResolver,
  MeshWriter,
} from '@istio-backstage/plugin-istio-node';
import { SharedCache } from '../caching/SharedCache';
import type { ClusterStatuses } from './ClusterStatuses';
import type { LocatedComponent } from './ComponentResolver';
import { principalKey } from './principalKey';
import type { MeshContext } from './types';

type ClusterAccess = EntityAccess['change']['clusters'][number];

interface Decisions {
  mayChange: boolean;
  readAudit: boolean;
}

export interface AccessReaderOptions {
  auth: Pick<AuthService, 'isPrincipal'>;
  permissions: Pick<PermissionsService, 'authorize'>;
  actingUsers: ActingUserResolver;
  writer: Pick<MeshWriter, 'authorizeWrite'>;
  statuses: ClusterStatuses;
  now?: () => number;
}

/** How long an access review of the cluster is taken from memory, per person, namespace and kind. */
const REVIEW_MS = 30_000;
/** The same for a decision of the portal's permissions. */
const DECISION_MS = 5_000;

/**
 * Whether a person may change a component: the portal's permission, then the cluster's own rules for the
 * identity this person acts as. Only for showing and hiding buttons: every change is checked anew.
 */
export class AccessReader {
  private readonly decisions: SharedCache<Decisions>;
  private readonly reviews: SharedCache<{ allowed: boolean; reason?: string }>;

  constructor(private readonly options: AccessReaderOptions) {
    this.decisions = new SharedCache({
      freshMs: DECISION_MS,
      staleMs: DECISION_MS,
      maxEntries: 10_000,
      now: options.now,
    });
    this.reviews = new SharedCache({
      freshMs: REVIEW_MS,
      staleMs: 2 * REVIEW_MS,
      maxEntries: 5_000,
      now: options.now,
    });
  }

  async read(
    located: LocatedComponent,
    split: TrafficSplit | undefined,
    { credentials }: MeshContext,
  ): Promise<EntityAccess> {
    const { entityRef } = located;
    const { mayChange, readAudit } = await this.decisions.get(
      `${principalKey(credentials)} ${entityRef}`,
      () => this.decide(entityRef, credentials),
    );
    const refused = (reason: string): EntityAccess => ({
      change: { allowed: false, reason, clusters: [] },
      readAudit,
    });
    if (!mayChange) {
      return refused(
        "You may see this component but not change it (permission 'istio.change.create')",
      );
    }
    if (!this.isUser(credentials)) {
      return refused('Only a signed-in person can change a component');
    }
    const targets = targetsOf(located, split);
    if (targets.length === 0) {
      return refused('No Service of this component was found in the mesh');
    }
    const clusters = await Promise.all(
      targets.map(target => this.reviewCluster(target, credentials)),
    );
    const allowed = clusters.some(one => one.allowed);
    return {
      change: {
        allowed,
        ...(!allowed && { reason: clusters[0].reason }),
        clusters,
      },
      readAudit,
    };
  }

  private async decide(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<Decisions> {
    const [change, audit] = await this.options.permissions.authorize(
      [
        { permission: istioChangeCreatePermission, resourceRef: entityRef },
        { permission: istioAuditReadPermission, resourceRef: entityRef },
      ],
      { credentials },
    );
    return {
      mayChange: change.result === AuthorizeResult.ALLOW,
      readAudit: audit.result === AuthorizeResult.ALLOW,
    };
  }

  private isUser(
    credentials: BackstageCredentials,
  ): credentials is BackstageCredentials<BackstageUserPrincipal> {
    return this.options.auth.isPrincipal(credentials, 'user');
  }

  private async reviewCluster(
    target: Target,
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<ClusterAccess> {
    const { cluster, verb, object } = target;
    const refused = (reason: string) => ({ cluster, allowed: false, reason });
    const leftOut = this.options.statuses.whyLeftOut(cluster);
    if (leftOut) {
      return refused(`Changes to ${cluster} are off: ${leftOut}`);
    }
    try {
      const acting = await this.options.actingUsers.resolve(
        credentials,
        cluster,
      );
      if ('reason' in acting) return refused(acting.reason);
      const { actingUser } = acting;
      const key = JSON.stringify([cluster, actingUser, verb, object]);
      const { allowed, reason } = await this.reviews.get(key, () =>
        this.options.writer.authorizeWrite({
          cluster,
          actingUser,
          object,
          verb,
        }),
      );
      return {
        cluster,
        allowed,
        ...(!allowed && {
          reason:
            reason ??
            `${actingUser.user} may not ${verb} ${object.kind} in ${object.namespace}`,
        }),
      };
    } catch {
      return refused(`${cluster} did not answer whether you may change it`);
    }
  }
}

interface Target {
  cluster: string;
  verb: 'patch' | 'create';
  object: {
    apiVersion: string;
    kind: string;
    namespace?: string;
    name: string;
  };
}

/** What a shift of traffic would write: the object that routes today, else a new VirtualService. */
function targetsOf(
  { match }: LocatedComponent,
  split: TrafficSplit | undefined,
): Target[] {
  const clusters = [...new Set(match.services.map(one => one.cluster))];
  return clusters.map(cluster => {
    const route = split?.routes.find(
      one => one.object?.cluster === cluster && one.shiftable.possible,
    );
    if (route?.object) {
      const { apiVersion, kind, namespace, name } = route.object;
      return {
        cluster,
        verb: 'patch',
        object: { apiVersion, kind, namespace, name },
      };
    }
    const service = match.services.find(one => one.cluster === cluster)!;
    return {
      cluster,
      verb: 'create',
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        namespace: service.namespace,
        name: service.name,
      },
    };
  });
}
