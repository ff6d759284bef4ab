import { ed25519 } from '@noble/curves/ed25519';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { equalBytes, fromBase64, toBase64 } from './bytes';
import { portableDigest } from './digest';
import type { Digest } from './types';

/** Signature type of Ed25519 in signed notes. */
const ED25519 = 1;
const MARK = '\u2014 ';

/** Who may have signed: `name+hash+key` of C2SP signed-note. */
export interface NoteVerifier {
  name: string;
  keyId: Uint8Array;
  publicKey: Uint8Array;
}

/** One who signs. */
export interface NoteSigner {
  name: string;
  /** For `--key`, the documentation and whoever checks. */
  verifierKey: string;
  /** The text with this signature below. */
  sign(text: string): string;
}

/** A note taken apart; whether its signatures hold is asked for apart. */
export interface SignedNote {
  /** Ends with a line end. */
  text: string;
  signatures: { name: string; keyId: Uint8Array; signature: Uint8Array }[];
}

/** C2SP signed-note: SHA-256(name || 0x0A || type || key), first 4 bytes. */
function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  return portableDigest
    .sha256(
      concatBytes(utf8ToBytes(`${name}\n`), Uint8Array.of(ED25519), publicKey),
    )
    .slice(0, 4);
}

/** Signs with the 32 bytes of an Ed25519 seed. */
export function createNoteSigner(options: {
  name: string;
  seed: Uint8Array;
}): NoteSigner {
  const { name, seed } = options;
  if (!isKeyName(name)) {
    throw new Error('The name of a key has neither white space nor +');
  }
  const publicKey = ed25519.getPublicKey(seed);
  const keyId = keyIdOf(name, publicKey);
  const encoded = toBase64(concatBytes(Uint8Array.of(ED25519), publicKey));
  return {
    name,
    verifierKey: `${name}+${bytesToHex(keyId)}+${encoded}`,
    sign: text => {
      const signature = ed25519.sign(utf8ToBytes(text), seed);
      return `${text}\n${MARK}${name} ${toBase64(
        concatBytes(keyId, signature),
      )}\n`;
    },
  };
}

/** Undefined for what is no Ed25519 verifier key, or whose hash does not fit. */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const [, name, hash, encoded] =
    /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (!bytes || bytes.length !== 33 || bytes[0] !== ED25519) return undefined;
  const publicKey = bytes.slice(1);
  const keyId = keyIdOf(name, publicKey);
  return bytesToHex(keyId) === hash ? { name, keyId, publicKey } : undefined;
}

/** Undefined for what has not the form of a note. A note without signatures is one here. */
export function parseNote(note: string): SignedNote | undefined {
  const split = note.lastIndexOf('\n\n');
  if (split < 0) {
    return note.endsWith('\n') ? { text: note, signatures: [] } : undefined;
  }
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2).split('\n');
  // Notes end with a line end.
  if (lines.pop() !== '' || lines.length === 0) return undefined;
  const signatures: SignedNote['signatures'] = [];
  for (const line of lines) {
    const [, name, encoded] = /^\u2014 ([^+\s]+) (\S+)$/.exec(line) ?? [];
    const bytes = encoded === undefined ? undefined : fromBase64(encoded);
    if (!bytes || bytes.length < 5) return undefined;
    signatures.push({
      name,
      keyId: bytes.slice(0, 4),
      signature: bytes.slice(4),
    });
  }
  return { text, signatures };
}

/** What the signature of one key says: unknown keys say nothing. */
export function judgeSignature(
  note: SignedNote,
  key: NoteVerifier,
  digest: Digest = portableDigest,
): 'valid' | 'invalid' | 'absent' {
  const found = note.signatures.filter(
    one => one.name === key.name && equalBytes(one.keyId, key.keyId),
  );
  if (found.length === 0) return 'absent';
  const message = utf8ToBytes(note.text);
  return found.every(({ signature }) =>
    digest.verifyEd25519({ publicKey: key.publicKey, message, signature }),
  )
    ? 'valid'
    : 'invalid';
}

function isKeyName(name: string): boolean {
  return /^[^+\s]+$/.test(name);
}
