/** An entry on its way to another system; times ISO 8601. */
export interface ForwardedEntry {
  seq: number;
  id: string;
  opId: string;
  kind: string;
  occurredAt: string;
  recordedAt: string;
  by: string;
  about: string;
  text?: string;
  details: Record<string, unknown>;
  hash: string;
}

/**
 * Another system that gets every entry: at least once, in order. A rejection means that none of them
 * counts as taken; all are sent again.
 */
export interface AuditReceiver {
  /** Unique, short, for people. */
  readonly name: string;
  receive(entries: readonly ForwardedEntry[]): Promise<void>;
}
