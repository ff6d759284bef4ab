import { ed25519 } from '@noble/curves/ed25519';
import { sha256 } from '@noble/hashes/sha2';
import type { Digest } from './types';

/** {@link Digest} in pure JavaScript; runs everywhere. */
export const portableDigest: Digest = {
  sha256,
  verifyEd25519: ({ publicKey, message, signature }) => {
    try {
      return ed25519.verify(signature, message, publicKey);
    } catch {
      // Bytes that are no key or no signature verify nothing.
      return false;
    }
  },
};
