import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { ApprovalPerson } from '@istio-backstage/plugin-istio-common';
import type { ActingUserResolver } from '@istio-backstage/plugin-istio-node';
import type { StoredChange } from './types';

/** Says who a person is when it comes to approving: groups, and names in the clusters. */
export class ApproverDirectory {
  static create(options: {
    userInfo: UserInfoService;
    actingUsers: ActingUserResolver;
  }): ApproverDirectory {
    return new ApproverDirectory(options.userInfo, options.actingUsers);
  }

  private constructor(
    private readonly userInfo: UserInfoService,
    private readonly actingUsers: ActingUserResolver,
  ) {}

  async describe(
    credentials: BackstageCredentials<BackstageUserPrincipal>,
    clusters: readonly string[],
  ): Promise<ApprovalPerson> {
    const { ownershipEntityRefs } = await this.userInfo.getUserInfo(
      credentials,
    );
    const identities = await Promise.all(
      clusters.map(cluster => this.actingUsers.resolve(credentials, cluster)),
    );
    return {
      entityRef: credentials.principal.userEntityRef,
      ownershipRefs: ownershipEntityRefs,
      clusterUsers: identities.flatMap(identity =>
        'actingUser' in identity ? [identity.actingUser.user] : [],
      ),
    };
  }

  /** Clusters that somebody acts in for a change. */
  clustersOf(change: StoredChange): string[] {
    return Object.keys(change.actingUsers);
  }

  /** Who asked for a change, as recorded then. */
  requesterOf(
    change: StoredChange,
  ): Pick<ApprovalPerson, 'entityRef' | 'clusterUsers'> {
    return {
      entityRef: change.requestedBy.entityRef,
      clusterUsers: Object.values(change.actingUsers).map(({ user }) => user),
    };
  }
}
