import { judgeSignature, parseNote, parseVerifierKey } from './signedNote';
import type { NoteSigner, NoteVerifier } from './signedNote';
import type { Digest, LogEntry } from './types';

const FIRST = 'istio-portal signing key';
const ROTATION = 'istio-portal key rotation';

/** What a `signingKey` or `keyRotation` entry says of keys. */
export interface KeyStatement {
  origin: string;
  /** Absent for a key that follows no other. */
  from?: string;
  to: string;
}

/** The note of a `signingKey` entry: the key vouches for itself only. */
export function announceKey(origin: string, signer: NoteSigner): string {
  return signer.sign(`${FIRST}\n${origin}\n${signer.verifierKey}\n`);
}

/** The note of a `keyRotation` entry, signed by both keys. */
export function rotateKey(
  origin: string,
  { from, to }: { from: NoteSigner; to: NoteSigner },
): string {
  const text = `${ROTATION}\n${origin}\n${from.verifierKey}\n${to.verifierKey}\n`;
  const split = text.length + 1;
  return `${from.sign(text)}${to.sign(text).slice(split)}`;
}

/** Undefined for what no key signed that it needs. */
export function readKeyStatement(
  note: string,
  digest: Digest,
): KeyStatement | undefined {
  const parsed = parseNote(note);
  if (!parsed) return undefined;
  const [title, origin, ...keys] = parsed.text.trimEnd().split('\n');
  const wanted = title === FIRST ? 1 : 2;
  if ((title !== FIRST && title !== ROTATION) || keys.length !== wanted) {
    return undefined;
  }
  const isSigned = keys.every(key => {
    const verifier = parseVerifierKey(key);
    return verifier && judgeSignature(parsed, verifier, digest) === 'valid';
  });
  if (!isSigned) return undefined;
  return wanted === 1
    ? { origin, to: keys[0] }
    : { origin, from: keys[0], to: keys[1] };
}

/** The statement of an entry; undefined for other kinds and for what is none. */
export function keyStatementOf(
  entry: Pick<LogEntry, 'kind' | 'payload'>,
  digest: Digest,
): KeyStatement | undefined {
  if (
    (entry.kind !== 'signingKey' && entry.kind !== 'keyRotation') ||
    !entry.payload
  ) {
    return undefined;
  }
  try {
    const { data } = JSON.parse(entry.payload.json);
    return typeof data?.note === 'string'
      ? readKeyStatement(data.note, digest)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Which keys are believed, and since which entry the log has one. */
export interface TrustedKeys {
  verifiers: NoteVerifier[];
  /** Entry that brought the first key; undefined for a log without. */
  since?: number;
  /** Nobody outside named a key: those that the log names itself are believed. */
  isSelfNamed: boolean;
  /** Keys the log names that no rotation joins to those that are believed. */
  strangers: { seq: number; key: string }[];
}

/**
 * A rotation carries trust both ways: each key signed for the other. With no key from outside, the
 * keys that the log announces itself are believed, which the report says.
 */
export function resolveKeys(
  statements: readonly { seq: number; statement: KeyStatement }[],
  given: readonly string[],
): TrustedKeys {
  const isSelfNamed = given.length === 0;
  const believed = new Set(given.map(key => key.trim()));
  if (isSelfNamed && statements.length > 0) {
    believed.add(statements[0].statement.from ?? statements[0].statement.to);
  }
  let before = -1;
  while (before !== believed.size) {
    before = believed.size;
    for (const { statement } of statements) {
      const { from, to } = statement;
      if (from !== undefined && (believed.has(from) || believed.has(to))) {
        believed.add(from).add(to);
      }
    }
  }
  return {
    verifiers: [...believed].flatMap(key => parseVerifierKey(key) ?? []),
    since: statements[0]?.seq,
    isSelfNamed,
    strangers: statements
      .filter(({ statement }) => !believed.has(statement.to))
      .map(({ seq, statement }) => ({ seq, key: statement.to })),
  };
}
