import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ip, ipBatch, listNamespaces } from './ip';
import { controlNamespace, isNamespaceOf } from './names';
import { candidateNetworks, type LabNetwork, parseRoutes } from './subnets';

export const BRIDGE = 'br0';

/** The lab's end of the link to the machine's own namespace. */
const LINK = 'link0';

/** A command line that runs in a network namespace. */
export const inNamespace = (namespace: string, command: string[]) => [
  'ip',
  'netns',
  'exec',
  namespace,
  ...command,
];

/** istiod's certificate has no address, so everybody calls it by its Service's name. */
export const istiodHosts = (network: LabNetwork) =>
  `${network.gateway} istiod.istio-system.svc istiod.istio-system.svc.cluster.local\n`;

/**
 * The namespace of the control plane: a bridge for the Pods and a link to the machine's own namespace.
 * Creating the link claims the addresses; when another lab was faster the next network is tried.
 */
export async function createControlNetwork(lab: string): Promise<LabNetwork> {
  const control = controlNamespace(lab);
  await ip('netns', 'add', control);
  const network = await claimNetwork(lab, control);
  writeHosts(control, `127.0.0.1 localhost\n${istiodHosts(network)}`);
  await ipBatch(
    [
      'link set lo up',
      `link add ${BRIDGE} type bridge`,
      `addr add ${network.gateway}/24 dev ${BRIDGE}`,
      `link set ${BRIDGE} up`,
      `addr add ${network.linkInside}/30 dev ${LINK}`,
      `link set ${LINK} up`,
    ],
    control,
  );
  await ipBatch([
    `addr add ${network.linkOutside}/30 dev ${network.linkName}`,
    `link set ${network.linkName} up`,
  ]);
  return network;
}

async function claimNetwork(lab: string, control: string): Promise<LabNetwork> {
  const routes = parseRoutes(readFileSync('/proc/net/route', 'utf8'));
  for (const network of candidateNetworks(lab, routes)) {
    try {
      await ip(
        ...`link add ${network.linkName} type veth peer name ${LINK} netns ${control}`.split(
          ' ',
        ),
      );
      return network;
    } catch (error) {
      if (!String(error).includes('File exists')) throw error;
    }
  }
  throw new Error(
    'No network is free for the lab: the machine has routes into all of 10.20.1.0/24 to 10.20.250.0/24 or 10.21.1.0/30 to 10.21.250.0/30',
  );
}

/** What `ip netns exec` shows as /etc/hosts in that namespace. */
export function writeHosts(namespace: string, text: string): void {
  const folder = join('/etc/netns', namespace);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hosts'), text);
}

/** Removes a namespace with its files, and its links at once: the kernel takes its time with the rest. */
export async function removeNamespace(namespace: string): Promise<void> {
  for (const link of [LINK, 'eth0']) {
    await ip('-n', namespace, 'link', 'del', link).catch(() => undefined);
  }
  await ip('netns', 'del', namespace).catch(() => undefined);
  rmSync(join('/etc/netns', namespace), { recursive: true, force: true });
}

/** Every namespace of the lab: the control plane's and those of its Pods. */
export async function namespacesOf(lab: string): Promise<string[]> {
  return (await listNamespaces()).filter(name => isNamespaceOf(lab, name));
}
