import { z } from 'zod';
import { externalChangeSchema } from '../changes/externalChange';
import { describeClaim } from '../drift/describeExternal';
import { objectRefSchema } from '../resources/types';
import type { AuditThread } from './resolveThread';
import type { PackExternal } from './types';

const seenSchema = externalChangeSchema.extend({ object: objectRefSchema });
const text = z.string().optional().catch(undefined);
const adoptedSchema = z.object({ title: text, reason: text, ticket: text });

/** Whether the thread is about a change that the portal did not make. */
export function isExternal({ entries }: AuditThread): boolean {
  return entries.some(
    ({ kind }) => kind === 'externalChange' || kind === 'adopted',
  );
}

/** A change past the portal, as its entries tell it; what is not in the period or was removed is absent. */
export function readExternal(thread: AuditThread): PackExternal {
  const { opId, about, entries, revertedBy } = thread;
  const entry = entries.find(({ kind }) => kind === 'externalChange');
  const seen = seenSchema.safeParse(entry?.details);
  const adopted = entries.find(({ kind }) => kind === 'adopted');
  const reverted = entries.find(({ kind }) => kind === 'reverted');
  const said = adoptedSchema.safeParse(adopted?.details).data;
  const title = thread.title ?? said?.title;
  return {
    opId,
    about,
    ...(title !== undefined && { title }),
    ...(entry && { seenAt: entry.occurredAt }),
    ...(seen.success && {
      object: seen.data.object,
      action: seen.data.action,
      claimedBy: describeClaim(seen.data),
      claims: seen.data.claims,
    }),
    ...(seen.success && seen.data.owner && { owner: seen.data.owner.name }),
    ...(adopted && {
      adoption: {
        by: adopted.by,
        at: adopted.occurredAt,
        reason: said?.reason,
        ticket: said?.ticket,
      },
    }),
    ...(reverted && {
      revert: { changeId: revertedBy, at: reverted.occurredAt },
    }),
    disposition: dispositionOf({
      isAdopted: adopted !== undefined,
      isReverted: reverted !== undefined,
    }),
  };
}

/** What was adopted may be taken back later: the revert stands. */
function dispositionOf(is: {
  isAdopted: boolean;
  isReverted: boolean;
}): PackExternal['disposition'] {
  if (is.isReverted) return 'reverted';
  return is.isAdopted ? 'adopted' : 'open';
}
