import { BRIDGE, inNamespace } from '../network/controlNetwork';
import { ip, ipBatch, runCommand } from '../network/ip';
import { controlNamespace } from '../network/names';
import type { LabNetwork } from '../network/subnets';

/** A namespace with one interface on the lab's bridge. */
export async function createPodNetwork(options: {
  lab: string;
  namespace: string;
  address: string;
  network: LabNetwork;
}): Promise<void> {
  const { namespace, address, network } = options;
  const control = controlNamespace(options.lab);
  const link = `pod${address.split('.')[3]}`;
  await ip('netns', 'add', namespace);
  await ipBatch(
    [
      `link add ${link} type veth peer name eth0 netns ${namespace}`,
      `link set ${link} master ${BRIDGE} up`,
    ],
    control,
  );
  await ipBatch(
    [
      'link set lo up',
      `addr add ${address}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${network.gateway}`,
    ],
    namespace,
  );
  const [program, ...args] = inNamespace(namespace, [
    'sysctl',
    '-qw',
    // Containers may listen on port 80 without being root.
    'net.ipv4.ip_unprivileged_port_start=0',
  ]);
  await runCommand(program, args);
}

/** Hands out the addresses of Pods, the lowest free one first. */
export class Addresses {
  private readonly taken = new Set<number>();

  constructor(private readonly prefix: string) {}

  /** @throws Error when 230 Pods have one each */
  take(): string {
    for (let last = 20; last < 250; last++) {
      if (!this.taken.has(last)) {
        this.taken.add(last);
        return `${this.prefix}.${last}`;
      }
    }
    throw new Error(`no address is free in ${this.prefix}.0/24`);
  }

  /** @throws Error when another Pod has it */
  claim(address: string): string {
    const last = Number(address.split('.')[3]);
    if (this.taken.has(last)) throw new Error(`${address} is in use`);
    this.taken.add(last);
    return address;
  }

  release(address: string): void {
    this.taken.delete(Number(address.split('.')[3]));
  }
}
