import { z } from 'zod';
import { changePreviewSchema, changeSchema } from '../changes/types';
import { reasonSchema, ticketSchema } from './changes';

/** What a person may do with a change that waits, with the reason if not. */
export const mayDecideSchema = z.object({
  allowed: z.boolean(),
  why: z.string().optional(),
});

/** A change in the queue, with the preview that its requester saw. */
export const approvalItemSchema = z.object({
  change: changeSchema,
  /** Frozen when it was asked for: approval is for exactly this. */
  preview: changePreviewSchema,
  /** What the caller is to it. */
  role: z.enum(['approver', 'reviewer', 'requester']),
  approve: mayDecideSchema,
  cancel: mayDecideSchema,
});
export type ApprovalItem = z.infer<typeof approvalItemSchema>;

export const approvalListSchema = z.object({
  /** Those that wait for the caller's approval first, then for the caller's review, then the caller's own, each newest first. */
  items: z.array(approvalItemSchema),
  /** How many wait for the caller. */
  waitingForMe: z.number(),
});
export type ApprovalList = z.infer<typeof approvalListSchema>;

export const approveRequestSchema = z.object({
  reason: reasonSchema.optional(),
  /** `approval.hash` of the change that was looked at; another one now is a conflict. */
  approvalHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the approval hash of the change'),
});
export type ApproveRequest = z.infer<typeof approveRequestSchema>;

export const declineRequestSchema = z.object({ reason: reasonSchema });
export type DeclineRequest = z.infer<typeof declineRequestSchema>;

export const cancelRequestSchema = z.object({ reason: reasonSchema });
export type CancelRequest = z.infer<typeof cancelRequestSchema>;

/** A change outside is meant to be so. */
export const adoptRequestSchema = z.object({
  reason: reasonSchema,
  ticket: ticketSchema.optional(),
});
export type AdoptRequest = z.infer<typeof adoptRequestSchema>;

/** What somebody else says afterwards of a change made in an emergency. */
export const reviewRequestSchema = z.object({
  verdict: z.enum(['accepted', 'objected']),
  reason: reasonSchema,
});
export type ReviewRequest = z.infer<typeof reviewRequestSchema>;

/** The rest of a partial change, with the plan that was recorded. */
export const finishRequestSchema = z.object({ reason: reasonSchema });
export type FinishRequest = z.infer<typeof finishRequestSchema>;

/** What a person found of a change whose outcome nothing proves. */
export const resolveRequestSchema = z.object({
  found: z.enum(['inForce', 'notInForce']),
  reason: reasonSchema,
});
export type ResolveRequest = z.infer<typeof resolveRequestSchema>;
