import { NotAllowedError } from '@backstage/errors';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  istioChangeApprovePermission,
  istioChangeCreatePermission,
  type AdoptRequest,
  type ApprovalList,
  type ApproveRequest,
  type CancelRequest,
  type Change,
  type DeclineRequest,
  type FinishRequest,
  type ResolveRequest,
  type ReviewRequest,
} from '@istio-backstage/plugin-istio-common';
import type { EntityGate } from './EntityGate';
import type { ApprovalService, ChangeContext } from './types';

/** Options of {@link AuthorizedApprovalService}. */
export interface AuthorizedApprovalServiceOptions {
  service: ApprovalService;
  gate: EntityGate;
}

/** Lets through what the permission framework allows on the entity of a change. */
export class AuthorizedApprovalService implements ApprovalService {
  static create(
    options: AuthorizedApprovalServiceOptions,
  ): AuthorizedApprovalService {
    return new AuthorizedApprovalService(options);
  }

  private constructor(
    private readonly options: AuthorizedApprovalServiceOptions,
  ) {}

  /** One's own requests always; those of others with the permission, on entities that the catalog shows. */
  async list(context: ChangeContext): Promise<ApprovalList> {
    const { gate, service } = this.options;
    const { items } = await service.list(context);
    const refs = items
      .filter(({ role }) => role !== 'requester')
      .map(({ change }) => change.entityRef);
    const visible = await gate.visible([...new Set(refs)], context);
    const allowed = await gate.allowed(
      visible,
      istioChangeApprovePermission,
      context,
    );
    const open = new Set(visible.filter((_, index) => allowed[index]));
    const shown = items.filter(
      ({ role, change }) => role === 'requester' || open.has(change.entityRef),
    );
    return {
      items: shown,
      waitingForMe: shown.filter(({ role }) => role !== 'requester').length,
    };
  }

  async approve(
    id: string,
    request: ApproveRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeApprovePermission, context);
    return this.options.service.approve(id, request, context);
  }

  async decline(
    id: string,
    request: DeclineRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeApprovePermission, context);
    return this.options.service.decline(id, request, context);
  }

  async cancel(
    id: string,
    request: CancelRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeCreatePermission, context);
    return this.options.service.cancel(id, request, context);
  }

  async adopt(
    id: string,
    request: AdoptRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeCreatePermission, context);
    return this.options.service.adopt(id, request, context);
  }

  async review(
    id: string,
    request: ReviewRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeApprovePermission, context);
    return this.options.service.review(id, request, context);
  }

  async finish(
    id: string,
    request: FinishRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeCreatePermission, context);
    return this.options.service.finish(id, request, context);
  }

  async resolve(
    id: string,
    request: ResolveRequest,
    context: ChangeContext,
  ): Promise<Change> {
    await this.require(id, istioChangeCreatePermission, context);
    return this.options.service.resolve(id, request, context);
  }

  private async require(
    id: string,
    permission: ResourcePermission,
    context: ChangeContext,
  ): Promise<void> {
    const { gate } = this.options;
    const entityRef = await gate.entityOf(id, context);
    const [allowed] = await gate.allowed([entityRef], permission, context);
    if (!allowed) {
      throw new NotAllowedError(
        `You may not decide about changes of ${entityRef} (permission ${permission.name})`,
      );
    }
  }
}
