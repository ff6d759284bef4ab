import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import canonicalize from 'canonicalize';
import type { KubeObject } from '../resources/types';
import { stripServerFields } from './stripServerFields';

/** SHA-256, in hex, of a JSON value in RFC 8785 canonical form; `undefined` fields do not count. */
export function hashJson(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalize(value) ?? 'null')));
}

/**
 * SHA-256, in hex, of an object without server-owned fields and bookkeeping annotations: equal for
 * two reads exactly when nobody changed anything that a person could have written.
 */
export function hashObject(object: KubeObject): string {
  return hashJson(stripServerFields(object));
}
