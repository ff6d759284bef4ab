import {
  AddressRange,
  parseAddress,
  parseAddressRange,
  rangeCovers,
} from '../../resources/address';
import { FACTS } from './facts';
import { missing, Verdict } from './verdict';

/**
 * A test of the addresses a peer may have: known if all of them agree. A block that is no address is
 * left out; undefined when that leaves nothing.
 */
export function compileIpBlocks(
  blocks: readonly string[],
  fact: keyof typeof FACTS,
): ((addresses: readonly string[]) => Verdict) | undefined {
  const ranges = blocks.flatMap(block => parseAddressRange(block) ?? []);
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
  ranges: readonly AddressRange[],
): boolean | undefined {
  const parsed = parseAddress(address);
  return parsed && ranges.some(range => rangeCovers(range, parsed));
}
