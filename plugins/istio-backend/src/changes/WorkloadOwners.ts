import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { AffectedCaller } from '@istio-backstage/plugin-istio-common';

/** Looks a workload up in the catalog; undefined when no entity claims it. */
export type FindWorkloadOwner = (workload: {
  namespace: string;
  name: string;
}) => Promise<{ entityRef: string; ownerRef?: string } | undefined>;

/** Names the people behind workloads. */
export class WorkloadOwners {
  static create(options: {
    userInfo: UserInfoService;
    findOwner?: FindWorkloadOwner;
  }): WorkloadOwners {
    return new WorkloadOwners(options.userInfo, options.findOwner);
  }

  private constructor(
    private readonly userInfo: UserInfoService,
    private readonly findOwner?: FindWorkloadOwner,
  ) {}

  /** Callers with their component and team; `yours` when the person belongs to that team. */
  async describeCallers(
    callers: AffectedCaller[],
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<AffectedCaller[]> {
    const { ownershipEntityRefs } = await this.userInfo.getUserInfo(
      credentials,
    );
    return Promise.all(
      callers.map(async caller => {
        const { workload, namespace } = caller;
        const owner =
          workload && namespace
            ? await this.findOwner?.({ namespace, name: workload })
            : undefined;
        return owner
          ? {
              ...caller,
              ...owner,
              ...(owner.ownerRef
                ? { yours: ownershipEntityRefs.includes(owner.ownerRef) }
                : {}),
            }
          : caller;
      }),
    );
  }
}
