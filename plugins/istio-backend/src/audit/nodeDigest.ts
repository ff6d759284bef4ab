import { createPublicKey, hash, verify } from 'node:crypto';
import type { Digest } from '@istio-backstage/plugin-istio-common';

/** What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The primitives of OpenSSL: many times as fast as those in JavaScript. */
export const nodeDigest: Digest = {
  sha256: data => hash('sha256', data, 'buffer'),
  verifyEd25519: ({ publicKey, message, signature }) => {
    try {
      const key = createPublicKey({
        key: Buffer.concat([SPKI_PREFIX, publicKey]),
        format: 'der',
        type: 'spki',
      });
      return verify(null, message, key, signature);
    } catch {
      return false;
    }
  },
};
