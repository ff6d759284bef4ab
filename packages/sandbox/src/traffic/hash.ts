/** 32 bit FNV-1a with a final mix: the only source of "chance" in the sandbox, so that all of it repeats. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}

/** Number in [0, 1) that depends on the text only. */
export function hashUnit(text: string): number {
  return hash32(text) / 0x1_0000_0000;
}
