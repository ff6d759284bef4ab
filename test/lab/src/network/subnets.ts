/**
 * Addresses of one lab. Pods live in 10.20.0.0/16, as the sandbox's do, since the shop's policies name
 * that block; a link of two addresses joins the lab to the machine's own namespace.
 */
export interface LabNetwork {
  /** 1 to 250; everything else follows from it. */
  index: number;
  /** The first three numbers of every Pod's address, `10.20.7`. */
  podPrefix: string;
  /** The bridge's address: gateway, node, istiod. */
  gateway: string;
  /** Addresses of the link: inside the lab, and in the machine's own namespace. */
  linkInside: string;
  linkOutside: string;
  /** The interface in the machine's own namespace; 15 characters are the kernel's limit. */
  linkName: string;
}

const LAST = 250;

export function networkOf(index: number): LabNetwork {
  return {
    index,
    podPrefix: `10.20.${index}`,
    gateway: `10.20.${index}.1`,
    linkInside: `10.21.${index}.1`,
    linkOutside: `10.21.${index}.2`,
    linkName: `istio-lab${index}`,
  };
}

/** A route of the machine, IPv4, as numbers. */
export interface Route {
  destination: number;
  mask: number;
}

/** Reads `/proc/net/route`: hexadecimal, least significant byte first. The default route is left out. */
export function parseRoutes(text: string): Route[] {
  const fromHex = (hex: string) =>
    Buffer.from(hex, 'hex').reverse().readUInt32BE(0);
  return text
    .split('\n')
    .slice(1)
    .map(line => line.split('\t'))
    .filter(fields => fields.length > 7)
    .map(fields => ({
      destination: fromHex(fields[1]),
      mask: fromHex(fields[7]),
    }))
    .filter(route => route.mask !== 0);
}

const toNumber = (address: string) =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const covers = ({ destination, mask }: Route, address: string) =>
  // eslint would read `&` as a slip; it is the netmask.
  Number(BigInt(toNumber(address)) & BigInt(mask)) === destination;

/** Networks to try for a lab of that name, best first: those the machine has a route into are left out. */
export function candidateNetworks(name: string, routes: Route[]): LabNetwork[] {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + char.charCodeAt(0)) % 65_521;
  return Array.from({ length: LAST }, (_, offset) =>
    networkOf(1 + ((hash + offset) % LAST)),
  ).filter(
    network =>
      !routes.some(
        route =>
          covers(route, network.gateway) || covers(route, network.linkInside),
      ),
  );
}
