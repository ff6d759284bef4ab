import type { Field } from '../Field';

/** What a key of each type must have, and the field that makes it a private one. */
const KEYS: Readonly<
  Record<string, { required: readonly string[]; secret: string }>
> = {
  RSA: { required: ['e', 'n'], secret: 'd' },
  EC: { required: ['crv', 'x', 'y'], secret: 'd' },
  OKP: { required: ['crv', 'x'], secret: 'd' },
  oct: { required: ['k'], secret: 'k' },
};

/** Fields that hold bytes. */
const BYTES = new Set('d dp dq e k n p q qi x y'.split(' '));

/** Fields that hold text. */
const TEXTS = new Set(['alg', 'crv', 'kid', 'use', 'x5t', 'x5t#S256', 'x5u']);

const BASE64 = /^(?:[A-Za-z0-9_-]*={0,2}|[A-Za-z0-9+/]*={0,2})$/;

type Json = Record<string, unknown>;

const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A set of public keys, or one key, written as JSON text.
 *
 * Source: validateJwtRule, warnPrivateJwksKeys, and the parser they call (lestrrat-go/jwx jwk.Parse).
 */
export function checkJwks(field: Field): void {
  const text = field.text();
  if (text === '') {
    return;
  }
  const parsed = parse(text);
  if (!isMap(parsed)) {
    field.error('must be a JSON Web Key Set: {"keys": [...]}');
    return;
  }
  const { keys = [parsed] } = parsed;
  if (keys !== null && !Array.isArray(keys)) {
    field.error('must have a list as "keys"');
    return;
  }
  for (const [index, key] of (keys ?? []).entries()) {
    const why = explainKey(key);
    if (why) {
      field.error(`key ${index} ${why}`);
    } else if (isSecret(key as Json)) {
      field.warn(
        `key ${index} holds a private key; only public ones are needed, and everyone who reads the object sees it`,
      );
    }
  }
}

/** Why this is no key; its values are never part of the answer. */
function explainKey(key: unknown): string | undefined {
  if (!isMap(key)) {
    return 'is no object';
  }
  const type = typeof key.kty === 'string' ? KEYS[key.kty] : undefined;
  if (!type) {
    return `must have one of ${Object.keys(KEYS).join(', ')} as "kty"`;
  }
  const missing = type.required.find(name => key[name] === undefined);
  if (missing !== undefined) {
    return `of type ${String(key.kty)} must have "${missing}"`;
  }
  const wrong = Object.entries(key).find(
    ([name, value]) =>
      (BYTES.has(name) || TEXTS.has(name)) && typeof value !== 'string',
  );
  if (wrong) {
    return `must have text as "${wrong[0]}"`;
  }
  const unreadable = Object.entries(key).find(
    ([name, value]) => BYTES.has(name) && !isBase64(String(value)),
  );
  return unreadable && `must have base64 as "${unreadable[0]}"`;
}

/** Source: jwx internal/base64 Decode, which takes either alphabet, padded or not. */
function isBase64(text: string): boolean {
  const bare = text.replace(/=+$/, '');
  const padding = text.length - bare.length;
  return (
    BASE64.test(text) &&
    bare.length % 4 !== 1 &&
    (padding === 0 || text.length % 4 === 0)
  );
}

function isSecret(key: Json): boolean {
  return key[KEYS[String(key.kty)].secret] !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
