import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  judgeApprover,
  type ApprovalPerson,
  type ChangeApproval,
} from '@istio-backstage/plugin-istio-common';
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

  /** Whether this person's word counts for what a change waits for, and for which of it. */
  async judge(options: {
    change: StoredChange;
    approval: ChangeApproval;
    approvers: readonly string[];
    credentials: BackstageCredentials<BackstageUserPrincipal>;
  }): Promise<ReturnType<typeof judgeApprover>> {
    const { change, approval, approvers, credentials } = options;
    return judgeApprover({
      approval,
      approvers,
      requester: this.requesterOf(change),
      person: await this.describe(credentials, this.clustersOf(change)),
    });
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
