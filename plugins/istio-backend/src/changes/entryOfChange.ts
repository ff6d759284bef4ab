import type { NewAuditEntry } from '../audit/types';
import type { StoredChange } from './types';

/** An entry of a change's thread, as of now. `actor` is an entity ref, or `system`. */
export function entryOfChange(
  change: StoredChange,
  rest: Pick<NewAuditEntry, 'actor' | 'kind' | 'payload' | 'event'>,
): NewAuditEntry {
  return {
    opId: change.id,
    occurredAt: Date.now(),
    target: change.entityRef,
    ...rest,
  };
}
