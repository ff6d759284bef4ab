import { FACTS } from './facts';
import { missing, Verdict } from './verdict';

/** An address range, its bits as text of 0 and 1. */
interface Range {
  family: 4 | 6;
  bits: string;
}

/**
 * A test of the addresses a peer may have: known if all of them agree. A block that is no address is
 * left out; undefined when that leaves nothing.
 */
export function compileIpBlocks(
  blocks: readonly string[],
  fact: keyof typeof FACTS,
): ((addresses: readonly string[]) => Verdict) | undefined {
  const ranges = blocks.flatMap(block => parseBlock(block) ?? []);
  if (ranges.length === 0) {
    return undefined;
  }
  return addresses => {
    const inside = addresses.map(address => isInside(address, ranges));
    if (inside.length === 0 || inside.includes(undefined)) {
      return missing(FACTS[fact]);
    }
    if (inside.every(hit => hit)) {
      return true;
    }
    return inside.some(hit => hit) ? missing(FACTS[fact]) : false;
  };
}

function isInside(
  address: string,
  ranges: readonly Range[],
): boolean | undefined {
  const parsed = parseAddress(address);
  return (
    parsed &&
    ranges.some(
      range =>
        range.family === parsed.family && parsed.bits.startsWith(range.bits),
    )
  );
}

function parseBlock(block: string): Range | undefined {
  const [address, length, more] = block.split('/');
  const parsed = parseAddress(address);
  if (!parsed || more !== undefined) {
    return undefined;
  }
  if (length === undefined) {
    return parsed;
  }
  const count = /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  return count <= parsed.bits.length
    ? { ...parsed, bits: parsed.bits.slice(0, count) }
    : undefined;
}

function parseAddress(text: string): Range | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split('.').map(Number);
    return parts.every(part => part < 256)
      ? { family: 4, bits: toBits(parts, 8) }
      : undefined;
  }
  const parts = parseV6(text.toLowerCase());
  return parts && { family: 6, bits: toBits(parts, 16) };
}

function parseV6(text: string): number[] | undefined {
  const [head, tail, more] = text.split('::');
  if (!/^[0-9a-f:]+$/.test(text) || more !== undefined) {
    return undefined;
  }
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const front = groups(head);
  const back = groups(tail);
  const gap = 8 - front.length - back.length;
  if (tail === undefined ? gap !== 0 : gap < 1) {
    return undefined;
  }
  const all = [...front, ...new Array<string>(gap).fill('0'), ...back];
  return all.every(group => /^[0-9a-f]{1,4}$/.test(group))
    ? all.map(group => parseInt(group, 16))
    : undefined;
}

function toBits(parts: readonly number[], width: number): string {
  return parts.map(part => part.toString(2).padStart(width, '0')).join('');
}
