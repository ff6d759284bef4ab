import { hash32 } from '../../traffic/hash';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Letters as Kubernetes generates them, from a seed. */
export function suffix(seed: string, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += ALPHABET[hash32(`${seed}/${i}`) % ALPHABET.length];
  }
  return text;
}

/** UID of an object that others refer to. */
export function uidOf(seed: string): string {
  const hex = [0, 1, 2, 3]
    .map(part => hash32(`${seed}/uid/${part}`).toString(16).padStart(8, '0'))
    .join('');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Address of a pod inside 10.20.0.0/16. */
export function podIp(seed: string): string {
  const number = hash32(`${seed}/ip`);
  return `10.20.${(number >>> 8) % 250}.${1 + (number % 250)}`;
}
