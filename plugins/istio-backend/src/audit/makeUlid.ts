import { randomFillSync } from 'node:crypto';
import { factory } from 'ulid';

const pool = new Uint8Array(4096);
let used = pool.length;

/** Below 1. The system is asked for many random bytes at once: a call for each costs more than an entry. */
function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 1;
  return pool[used - 1] / 256;
}

/** A ULID from the system's random numbers. */
export const makeUlid = factory(random);
