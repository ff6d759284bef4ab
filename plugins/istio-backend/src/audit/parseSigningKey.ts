import { createPrivateKey } from 'node:crypto';

/**
 * Seed of an Ed25519 key, from PEM (PKCS #8, as `openssl genpkey -algorithm ed25519` writes it) or from
 * its 32 bytes in base64. Undefined for anything else; the text is never repeated.
 */
export function parseSigningKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  if (/^[A-Za-z0-9+/]{43}=$/.test(trimmed)) {
    return Uint8Array.from(Buffer.from(trimmed, 'base64'));
  }
  try {
    const key = createPrivateKey(trimmed);
    const { d } = key.export({ format: 'jwk' });
    return key.asymmetricKeyType === 'ed25519' && d !== undefined
      ? Uint8Array.from(Buffer.from(d, 'base64url'))
      : undefined;
  } catch {
    return undefined;
  }
}
