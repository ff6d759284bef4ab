import { createSign, generateKeyPairSync } from 'node:crypto';

const KEY_ID = 'compare';
const HOUR_SECONDS = 3_600;

/** A key of this run with tokens signed by it. */
export class TokenIssuer {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  /** JSON Web Key Set, on one line. */
  get jwks(): string {
    const key = this.keys.publicKey.export({ format: 'jwk' });
    return JSON.stringify({
      keys: [{ ...key, kid: KEY_ID, alg: 'RS256', use: 'sig' }],
    });
  }

  sign(claims: Record<string, unknown>): string {
    const encode = (value: object) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + HOUR_SECONDS;
    const signed = `${encode({
      alg: 'RS256',
      typ: 'JWT',
      kid: KEY_ID,
    })}.${encode({ exp, ...claims })}`;
    const signature = createSign('RSA-SHA256')
      .update(signed)
      .sign(this.keys.privateKey);
    return `${signed}.${signature.toString('base64url')}`;
  }
}
