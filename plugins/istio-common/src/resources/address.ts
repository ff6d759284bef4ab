/** An address range, its bits as text of 0 and 1; a single address is a range of its full length. */
export interface AddressRange {
  family: 4 | 6;
  bits: string;
}

/** `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined for any other text. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address, length, more] = text.split('/');
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

/** Whether every address of the second range is in the first. */
export function rangeCovers(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && inner.bits.startsWith(outer.bits);
}

/** Whether some address is in both. Of two ranges that meet, one covers the other. */
export function rangesOverlap(a: AddressRange, b: AddressRange): boolean {
  return rangeCovers(a, b) || rangeCovers(b, a);
}

/** One IPv4 or IPv6 address; undefined for any other text. */
export function parseAddress(text: string): AddressRange | undefined {
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
