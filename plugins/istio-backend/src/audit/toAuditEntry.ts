import type {
  ChangeEvent,
  LogEntry,
} from '@istio-backstage/plugin-istio-common';
import type { AuditEntry, AuditEntryKind } from './types';

/** What stands in the payload column: details, and the text of the step it shows as. */
export interface PayloadContent {
  data: Record<string, unknown>;
  text?: string;
}

export function toAuditEntry(entry: LogEntry): AuditEntry {
  const content: PayloadContent | undefined =
    entry.payload && JSON.parse(entry.payload.json);
  return {
    seq: entry.seq,
    id: entry.id,
    opId: entry.opId,
    kind: entry.kind as AuditEntryKind,
    occurredAt: entry.occurredAt,
    recordedAt: entry.recordedAt,
    actor: entry.actor,
    target: entry.target,
    payload: content?.data ?? {},
    ...(content ? {} : { isRemoved: true }),
    ...(entry.eventKind === undefined
      ? {}
      : {
          event: {
            kind: entry.eventKind as ChangeEvent['kind'],
            text: content?.text ?? 'The text was removed',
          },
        }),
  };
}
