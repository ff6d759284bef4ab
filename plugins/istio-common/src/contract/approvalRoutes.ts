import { changeSchema } from '../changes/types';
import {
  istioChangeApprovePermission,
  istioChangeCreatePermission,
} from '../permissions';
import { FORBIDDEN, INVALID } from './answers';
import {
  adoptRequestSchema,
  approvalListSchema,
  approveRequestSchema,
  cancelRequestSchema,
  declineRequestSchema,
  finishRequestSchema,
  resolveRequestSchema,
  reviewRequestSchema,
} from './approvals';
import { changeParamsSchema } from './changes';
import type { ApiRoute } from './routes';

const decision = {
  method: 'POST',
  scope: 'entity',
  permission: istioChangeApprovePermission,
  params: changeParamsSchema,
  response: changeSchema,
  status: 200,
  mediaType: 'application/json',
  errors: {
    400: INVALID,
    403: `${FORBIDDEN} Or it is not up to the caller. The attempt is recorded.`,
    404: 'No such change.',
    409: 'It does not wait any more, or it is not what was looked at.',
    503: 'The decision cannot be recorded; nothing was sent.',
  },
} as const;

/** What people decide about changes that are recorded. */
export const APPROVAL_ROUTES = {
  listApprovals: {
    method: 'GET',
    path: '/v1/approvals',
    summary: 'Changes that wait for the caller, and those the caller asked for',
    scope: 'list',
    permission: istioChangeApprovePermission,
    response: approvalListSchema,
    status: 200,
    mediaType: 'application/json',
    errors: {},
  },
  approveChange: {
    ...decision,
    path: '/v1/changes/:id/approve',
    summary:
      'Approve a change; with the last missing approval it is applied as who asked for it',
    body: approveRequestSchema,
  },
  declineChange: {
    ...decision,
    path: '/v1/changes/:id/decline',
    summary: 'Decline a change that waits for approval',
    body: declineRequestSchema,
  },
  cancelChange: {
    ...decision,
    path: '/v1/changes/:id/cancel',
    summary: 'Take back a change that waits for approval or for its time',
    permission: istioChangeCreatePermission,
    body: cancelRequestSchema,
  },
  adoptChange: {
    ...decision,
    path: '/v1/changes/:id/adopt',
    summary:
      'Say of a change made outside the portal that it is meant to be so',
    permission: istioChangeCreatePermission,
    body: adoptRequestSchema,
    errors: {
      ...decision.errors,
      409: 'The portal made it, or it was adopted or reverted already.',
    },
  },
  reviewChange: {
    ...decision,
    path: '/v1/changes/:id/review',
    summary:
      'Review a change that went past approval and freezes in an emergency',
    body: reviewRequestSchema,
  },
  finishChange: {
    ...decision,
    path: '/v1/changes/:id/finish',
    summary: 'Send the rest of a partial change, as who asked for it',
    permission: istioChangeCreatePermission,
    body: finishRequestSchema,
  },
  resolveChange: {
    ...decision,
    path: '/v1/changes/:id/resolve',
    summary:
      'Close a change whose outcome nothing proves with what a person found; nothing is sent',
    permission: istioChangeCreatePermission,
    body: resolveRequestSchema,
  },
} as const satisfies Record<string, ApiRoute>;
