/** What one entry commits to. Holds nothing that may have to be removed later. */
export interface AuditHeader {
  /** Position in the log, from 1 without a gap. */
  seq: number;
  /** ULID. */
  id: string;
  opId: string;
  kind: string;
  /** Epoch milliseconds by the clock of who reports it. */
  occurredAt: number;
  /** Epoch milliseconds by the database's clock. */
  recordedAt: number;
  /** Entity ref, or `system`. */
  actor: string;
  /** Entity ref the entry is about, or `audit:…` for the log itself. */
  target: string;
  /** Step of "What happened" that the entry shows as. */
  eventKind?: string;
  /** Hex SHA-256 of salt and payload. */
  payloadCommit: string;
  /** Hex hash of the entry before; 64 zeros for the first. */
  prevHash: string;
}

/** The part of an entry that redaction and retention may remove. */
export interface AuditPayload {
  /** Hex, 16 random bytes: a short payload cannot be guessed from its hash. */
  salt: string;
  /** RFC 8785 canonical JSON. */
  json: string;
}

/** An entry as it is stored and exported. */
export interface LogEntry extends AuditHeader {
  /** Hex; the RFC 6962 leaf hash of the canonical header. */
  entryHash: string;
  /** Absent after redaction or retention. */
  payload?: AuditPayload;
}

/** Hash of a complete subtree over `256 ** level` entries. */
export interface LogNode {
  level: number;
  index: number;
  /** Hex. */
  hash: string;
}

/** A checkpoint as the log keeps it; the note says the same once more, signed. */
export interface LogCheckpoint {
  /** 1, 2, 3, … without a gap. */
  number: number;
  size: number;
  /** Hex. */
  root: string;
  note: string;
}

/** A checkpoint as it came back from outside the database. */
export interface Anchor {
  /** File name or address, for the report. */
  source: string;
  note: string;
}

/** The two primitives; where a platform has faster ones than pure JavaScript, it gives its own. */
export interface Digest {
  sha256(data: Uint8Array): Uint8Array;
  verifyEd25519(options: {
    publicKey: Uint8Array;
    message: Uint8Array;
    signature: Uint8Array;
  }): boolean;
}
