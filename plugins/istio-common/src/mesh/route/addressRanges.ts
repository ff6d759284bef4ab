/** Width of the range's prefix plus one when the address is in it, else 0. IPv4 and IPv6. */
export function addressIn(address: string, range: string): number {
  const [base, bits] = range.split('/');
  const given = parseAddress(address);
  const start = parseAddress(base);
  if (!given || !start || given.length !== start.length) {
    return 0;
  }
  const width = bits === undefined ? given.length * 8 : Number(bits);
  if (!Number.isInteger(width) || width < 0 || width > given.length * 8) {
    return 0;
  }
  for (let bit = 0; bit < width; bit += 1) {
    const mask = 128 >> bit % 8;
    const index = Math.floor(bit / 8);
    if ((given[index] & mask) !== (start[index] & mask)) {
      return 0;
    }
  }
  return width + 1;
}

/** The bytes of an address; undefined when it is none. */
function parseAddress(text: string): number[] | undefined {
  return text.includes(':') ? parseIpV6(text) : parseIpV4(text);
}

function parseIpV4(text: string): number[] | undefined {
  const parts = text.split('.');
  const bytes = parts.map(Number);
  return parts.length === 4 &&
    parts.every(part => /^\d{1,3}$/.test(part)) &&
    bytes.every(byte => byte < 256)
    ? bytes
    : undefined;
}

function parseIpV6(text: string): number[] | undefined {
  const [head, tail, ...rest] = text.split('::');
  if (rest.length > 0) {
    return undefined;
  }
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const left = groups(head);
  const right = groups(tail);
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) {
    return undefined;
  }
  const all = [...left, ...Array<string>(missing).fill('0'), ...right];
  return all.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? all.flatMap(group => {
        const value = parseInt(group, 16);
        return [value >> 8, value & 255];
      })
    : undefined;
}
